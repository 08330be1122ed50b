import fc from "fast-check";
import { decodeDotted } from "../../../../harness/region/wire/dotted";

const ec2 = (form: string) => decodeDotted(new URLSearchParams(form), "");
const query = (form: string) => decodeDotted(new URLSearchParams(form), "member");

it("makes arrays of numbered members, in numeric order and without gaps", () => {
  expect(ec2("Filter.2.Name=b&Filter.1.Name=a&Filter.1.Value.10=y&Filter.1.Value.2=x&InstanceId.1=i-1")).toEqual({
    Filter: [{ Name: "a", Value: ["x", "y"] }, { Name: "b" }],
    InstanceId: ["i-1"],
  });
});

it("makes objects of named members", () => {
  expect(ec2("SpotOptions.AllocationStrategy=lowest-price&DryRun=true")).toEqual({ SpotOptions: { AllocationStrategy: "lowest-price" }, DryRun: "true" });
});

it("reads query's lists, flattened lists and maps", () => {
  expect(query("Tags.member.1.Key=k&Tags.member.1.Value=v&Names.1=a&Attributes.entry.1.key=x&Attributes.entry.1.value=1")).toEqual({
    Tags: [{ Key: "k", Value: "v" }], Names: ["a"], Attributes: { x: "1" },
  });
});

it("takes an empty text beside members for the announcement of the list", () => {
  expect(query("Tags=&Tags.member.1=a")).toEqual({ Tags: ["a"] });
});

it("refuses a name that is both a value and a structure", () => {
  expect(() => ec2("A=1&A.B=2")).toThrow(expect.objectContaining({ code: "MalformedQueryString" }));
});

it("refuses nesting beyond measure", () => {
  expect(() => ec2(`${"a.".repeat(1000)}b=1`)).toThrow(expect.objectContaining({ code: "MalformedQueryString" }));
});

it("touches no prototype", () => {
  const decoded = ec2("__proto__.polluted=1&constructor.prototype.polluted=1");
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  expect(Object.keys(decoded)).toEqual(["__proto__", "constructor"]);
});

it("undoes what an EC2 client flattens", () => {
  const name = fc.stringMatching(/^[A-Z][a-zA-Z]{0,6}$/);
  const scalar = fc.string({ minLength: 1 });
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof({ maxDepth: 3 }, scalar, fc.array(tie("tree"), { minLength: 1, maxLength: 12 }), fc.dictionary(name, tie("tree"), { minKeys: 1, maxKeys: 4, noNullPrototype: true })),
  }));
  const flatten = (value: unknown, path: string): [string, string][] =>
    Array.isArray(value) ? value.flatMap((member, index) => flatten(member, `${path}.${index + 1}`))
      : typeof value === "object" && value !== null ? Object.entries(value).flatMap(([key, member]) => flatten(member, `${path}.${key}`))
      : [[path, String(value)]];
  fc.assert(fc.property(fc.dictionary(name, tree, { minKeys: 1, noNullPrototype: true }), (input) => {
    const form = new URLSearchParams(Object.entries(input).flatMap(([key, value]) => flatten(value, key)));
    expect(decodeDotted(form, "")).toEqual(input);
  }));
});
