import * as fc from "fast-check";
import { evaluate } from "../../harness/region/load/expression";
import { parseTemplate } from "../../harness/region/load/expression-syntax";
import { terraformString } from "../../stacks/terraform-string";

const scope = { folder: "/", resource: () => ({ version_id: "v1" }), named: () => undefined };
const value = (expression: string): unknown => evaluate(parseTemplate(`\${${expression}}`), scope);

it("is what Terraform reads back as the text, whatever the text", () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom("a", "$", "%", "{", "}", '"', "\\", "\n", "\r", "\t", "\u0001", "ü", "💡") }), (text) => {
    expect(value(terraformString(text))).toBe(text);
  }));
});

it("leaves CDKTF's tokens as they are, to become references", () => {
  expect(terraformString('"a" ${TfToken[TOKEN.12]} ${b}')).toBe('"\\"a\\" ${TfToken[TOKEN.12]} $${b}"');
  expect(value('"v=${aws_s3_object.agent_archive.version_id}"')).toBe("v=v1");
});
