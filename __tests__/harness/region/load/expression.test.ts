import fc from "fast-check";
import { addressesIn, evaluate, type Scope } from "../../../../harness/region/load/expression";
import { parseTemplate } from "../../../../harness/region/load/expression-syntax";
import { ExpressionError } from "../../../../harness/region/load/expression-values";

const scope: Scope = {
  folder: "/stack",
  resource: (address) => {
    const attributes: Record<string, Record<string, unknown>> = {
      "aws_sqs_queue.dead": { arn: "arn:aws:sqs:q", tags: { "a:b": "c" } },
      "aws_launch_template.t": { latest_version: 1, metadata_options: { http_tokens: "required" }, placement: [{ tenancy: "default" }] },
      "data.aws_availability_zones.zones": { names: ["us-east-1a", "us-east-1b"] },
    };
    const found = attributes[address];
    if (!found) throw new ExpressionError(`there is no ${address}`);
    return found;
  },
  named: (root, name) => `${root} ${name}`,
};
const value = (text: string) => evaluate(parseTemplate(text), scope);

it.each<[string, unknown]>([
  ["plain", "plain"],
  ["", ""],
  ["${aws_sqs_queue.dead.arn}", "arn:aws:sqs:q"],
  ["${aws_launch_template.t.latest_version}", 1],
  ["version ${aws_launch_template.t.latest_version}!", "version 1!"],
  ["${aws_sqs_queue.dead.arn}:${aws_sqs_queue.dead.arn}", "arn:aws:sqs:q:arn:aws:sqs:q"],
  ["${aws_launch_template.t.metadata_options[0].http_tokens}", "required"],
  ["${aws_launch_template.t.placement[0].tenancy}", "default"],
  ["${aws_launch_template.t.placement.0.tenancy}", "default"],
  ["${data.aws_availability_zones.zones.names}", ["us-east-1a", "us-east-1b"]],
  ["${data.aws_availability_zones.zones.names[1]}", "us-east-1b"],
  ["${aws_launch_template.t.placement[*].tenancy}", ["default"]],
  ['${aws_sqs_queue.dead.tags["a:b"]}', "c"],
  ["${path.module}/x", "/stack/x"],
  ["${var.v}", "var v"],
  ["${local.l}", "local l"],
  ["$${not.evaluated} %%{ nor this }", "${not.evaluated} %{ nor this }"],
  ["a $ b % c $$ d", "a $ b % c $$ d"],
  ['${"quoted \\"text\\" \\n \\u00e9 ${aws_sqs_queue.dead.arn}"}', 'quoted "text" \n é arn:aws:sqs:q'],
  ['${join(",", data.aws_availability_zones.zones.names)}', "us-east-1a,us-east-1b"],
  ['${jsonencode(data.aws_availability_zones.zones.names)}', '["us-east-1a","us-east-1b"]'],
  ['${jsonencode({"b" = 1, a = [true, null], "c" : "<&>"})}', '{"a":[true,null],"b":1,"c":"\\u003c\\u0026\\u003e"}'],
  ['${base64encode("hi")}', "aGk="],
  ['${element(["a", "b"], 3)}', "b"],
  ['${length(data.aws_availability_zones.zones.names)}', 2],
  ['${concat(["a"], ["b"])[1]}', "b"],
  ["${(1.5)}", 1.5],
  ["${true}", true],
  ["${null}", null],
])("evaluates %j", (text, expected) => {
  expect(value(text)).toEqual(expected);
});

it.each<[string, RegExp]>([
  ["${aws_sqs_queue.dead.url}", /aws_sqs_queue\.dead has no attribute url in the embedded region \(it exports arn, tags\)/],
  ["${aws_sqs_queue.other.arn}", /there is no aws_sqs_queue\.other/],
  ["${aws_launch_template.t.placement[1].tenancy}", /placement\[1\]: the list has 1 members/],
  ["${aws_launch_template.t.metadata_options[0].nothing}", /metadata_options\[0\]\.nothing does not exist/],
  ["${upper(1, }", /unexpected "}"/],
  ["${templatefile(\"x\", {})}", /the function templatefile is not supported/],
  ["${aws_sqs_queue.dead.arn == 1}", /does not support operators in expressions \('==' was given\)/],
  ["${[for z in data.aws_availability_zones.zones.names : z]}", /does not support for expressions/],
  ["%{ if true }a%{ endif }", /template directives/],
  ["${each.value}", /does not support references to each.* \('each' was given\)/],
  ["zones ${data.aws_availability_zones.zones.names}", /a list cannot stand within text/],
  ["${aws_sqs_queue.dead.arn", /expected }/],
  ["${nonsense}", /not a reference/],
  ['${file("missing.txt")}', /\/stack\/missing\.txt cannot be read/],
])("refuses %j in words", (text, message) => {
  expect(() => value(text)).toThrow(message);
  expect(() => value(text)).toThrow(ExpressionError);
});

it("tells every address that an expression refers to", () => {
  expect(addressesIn(parseTemplate('${aws_a.b.c} ${jsonencode({x = [data.aws_d.e.f[local.g]]})} ${var.v}${path.module} $${aws_not.this}'))).toEqual(["aws_a.b", "data.aws_d.e", "local.g"]);
});

it("gives any text back that holds no template", () => {
  fc.assert(fc.property(fc.string().map((text) => text.replace(/([$%])\{/g, "$1$1{")), (text) => {
    const plain = text.replace(/([$%])\1\{/g, "$1{");
    fc.pre(!/\$\$\$\{|%%%\{/.test(text));
    expect(value(text)).toBe(plain);
  }));
});

it("throws nothing but ExpressionErrors", () => {
  fc.assert(fc.property(fc.stringMatching(/^[a-z0-9_.$%{}()[\]", =\\*-]{0,30}$/), (text) => {
    try {
      value(`\${${text}}`);
    } catch (error) {
      expect(error).toBeInstanceOf(ExpressionError);
    }
  }), { numRuns: 500 });
});
