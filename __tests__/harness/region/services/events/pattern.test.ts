import fc from "fast-check";
import { compilePattern } from "../../../../../harness/region/services/events/pattern";

const event = {
  source: "aws.ec2", "detail-type": "EC2 Instance State-change Notification", account: "123456789012", resources: ["arn:a", "arn:b"],
  detail: { state: "Running", count: 5, ratio: 0.5, flag: true, none: null, empty: [], ip: "10.0.0.17", v6: "2001:db8::1", path: "dir/lib/a.png", list: [{ id: 1, name: "x" }, { id: 2, name: "y" }] },
};

describe("a pattern", () => {
  test.each<[object, boolean]>([
    [{ source: ["aws.ec2"] }, true],
    [{ source: ["aws.s3", "aws.ec2"] }, true],
    [{ source: ["aws.s3"] }, false],
    [{ source: ["aws.ec2"], detail: { state: ["Stopped"] } }, false],
    [{ resources: ["arn:b"] }, true],
    [{ detail: { count: [5], flag: [true], none: [null] } }, true],
    [{ detail: { count: ["5"] } }, false],
    [{ detail: { missing: [null] } }, false],
    [{ detail: { state: [{ prefix: "Run" }] } }, true],
    [{ detail: { state: [{ prefix: { "equals-ignore-case": "rUN" } }] } }, true],
    [{ detail: { path: [{ suffix: ".png" }] } }, true],
    [{ detail: { path: [{ suffix: { "equals-ignore-case": ".PNG" } }] } }, true],
    [{ detail: { state: [{ "equals-ignore-case": "RUNNING" }] } }, true],
    [{ detail: { state: [{ "anything-but": "Running" }] } }, false],
    [{ detail: { state: [{ "anything-but": ["a", "b"] }] } }, true],
    [{ detail: { count: [{ "anything-but": [1, 2] }] } }, true],
    [{ detail: { missing: [{ "anything-but": "x" }] } }, false],
    [{ detail: { state: [{ "anything-but": { prefix: "Run" } }] } }, false],
    [{ detail: { path: [{ "anything-but": { suffix: [".jpg", ".gif"] } }] } }, true],
    [{ detail: { path: [{ "anything-but": { wildcard: "*/lib/*" } }] } }, false],
    [{ detail: { state: [{ "anything-but": { "equals-ignore-case": ["running", "stopped"] } }] } }, false],
    [{ detail: { path: [{ wildcard: "dir/*/*.png" }] } }, true],
    [{ detail: { path: [{ wildcard: "dir/*.gif" }] } }, false],
    [{ detail: { count: [{ numeric: [">", 0, "<=", 5] }] } }, true],
    [{ detail: { count: [{ numeric: ["<", 5] }] } }, false],
    [{ detail: { ratio: [{ numeric: ["=", 0.5] }] } }, true],
    [{ detail: { state: [{ numeric: [">", 0] }] } }, false],
    [{ detail: { state: [{ exists: true }], missing: [{ exists: false }] } }, true],
    [{ detail: { state: [{ exists: false }] } }, false],
    [{ nothing: { at: { all: [{ exists: false }] } } }, true],
    [{ detail: { ip: [{ cidr: "10.0.0.0/24" }] } }, true],
    [{ detail: { ip: [{ cidr: "10.0.1.0/24" }] } }, false],
    [{ detail: { v6: [{ cidr: "2001:db8::/32" }] } }, true],
    [{ $or: [{ source: ["aws.s3"] }, { detail: { count: [5] } }] }, true],
    [{ detail: { $or: [{ count: [6] }, { state: ["Stopped"] }] } }, false],
    [{ detail: { list: { id: [2] } } }, true],
    [{ detail: { list: { id: [1], name: ["y"] } } }, false],
  ])("%j: %s", (pattern, expected) => {
    expect(compilePattern(JSON.stringify(pattern))(event)).toBe(expected);
  });

  test.each<[string, string]>([
    ["{", "JSON"],
    ["[]", "Filter is not an object"],
    ['{"source": "aws.ec2"}', '"source" must be an object or an array'],
    ['{"source": []}', "Empty arrays are not allowed at source"],
    ['{"detail": {}}', "Empty objects are not allowed at detail"],
    ['{"a": [{"startsWith": "x"}]}', "Unrecognized match type startsWith at a"],
    ['{"a": [{"prefix": 1}]}', "prefix match pattern must be a string"],
    ['{"a": [{"numeric": [">"]}]}', "numeric expression"],
    ['{"a": [{"numeric": ["~", 1]}]}', "Unrecognized numeric range operator: ~"],
    ['{"a": [{"numeric": [">", 5, "<", 5]}]}', "Bottom must be less than top"],
    ['{"a": [{"exists": "yes"}]}', "exists match pattern must be either true or false."],
    ['{"a": [{"cidr": "10.0.0.0"}]}', "Malformed CIDR"],
    ['{"a": [{"wildcard": "a**b"}]}', "Consecutive wildcard characters at pos 1"],
    ['{"a": [{"anything-but": [1, "x"]}]}', "mixed type is not supported"],
    ['{"a": [["nested"]]}', "Match value must be String, number, true, false, or null at a"],
    ['{"a": [{"prefix": "x", "suffix": "y"}]}', "Only one key allowed in match expression"],
  ])("that is not one is refused: %s", (pattern, reason) => {
    expect(() => compilePattern(pattern)).toThrow(expect.objectContaining({ code: "InvalidEventPatternException", message: expect.stringContaining(reason) }));
  });
});

describe("any pattern at all", () => {
  const operand: fc.Arbitrary<unknown> = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null), fc.array(fc.oneof(fc.string(), fc.double()), { maxLength: 4 }));
  const operator = fc.tuple(fc.constantFrom("prefix", "suffix", "anything-but", "numeric", "exists", "cidr", "wildcard", "equals-ignore-case", "$or"), operand).map(([name, value]) => ({ [name]: value }));
  const pattern = fc.dictionary(fc.constantFrom("source", "detail", "$or"), fc.oneof(fc.array(fc.oneof(operand, operator), { maxLength: 3 }), fc.dictionary(fc.constantFrom("state", "count"), fc.array(fc.oneof(operand, operator), { maxLength: 2 }), { maxKeys: 2 })), { maxKeys: 3 });

  test("is compiled and asked, or refused as no pattern; nothing else happens", () => {
    fc.assert(fc.property(fc.oneof(pattern, fc.json().map((text) => JSON.parse(text) as unknown)), fc.jsonValue(), (given, other) => {
      try {
        const matches = compilePattern(JSON.stringify(given));
        for (const candidate of [event, other]) expect(typeof matches(candidate)).toBe("boolean");
      } catch (error) {
        expect(error).toMatchObject({ code: "InvalidEventPatternException", status: 400 });
      }
    }));
  });
});
