import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { stacksIn } from "../../../harness/serve/stacks";

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), "stacks-test-")); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (path: string, content: unknown): string => {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
};
const stack = (region: string) => ({ provider: { aws: [{ region }] } });

test("all stacks of cdktf.out are found, each after those that the manifest says it depends on", () => {
  write("stacks/alpha/cdk.tf.json", stack("us-east-1"));
  write("stacks/beta/cdk.tf.json", stack("us-east-1"));
  write("stacks/empty/readme", "");
  write("manifest.json", { stacks: { alpha: { dependencies: ["beta"] }, beta: { dependencies: ["alpha-of-elsewhere"] } } });
  const alpha = { name: "alpha", folder: join(folder, "stacks", "alpha"), regionName: "us-east-1" };
  const beta = { name: "beta", folder: join(folder, "stacks", "beta"), regionName: "us-east-1" };
  expect(stacksIn(folder)).toEqual([beta, alpha]);
  expect(stacksIn(join(folder, "stacks"))).toEqual([beta, alpha]);
  expect(stacksIn(join(folder, "stacks", "alpha"))).toEqual([alpha]);
});

test("what holds no stack is refused by name", () => {
  expect(() => stacksIn(folder)).toThrow(`--load ${folder}: there is no cdk.tf.json in it or in its stacks.`);
  expect(() => stacksIn(join(folder, "nowhere"))).toThrow("there is no such folder");
  expect(() => stacksIn(write("cdk.tf.json", "{}"))).toThrow("it is a file");
  write("cdk.tf.json", "{");
  expect(() => stacksIn(folder)).toThrow(/cdk\.tf\.json is not valid JSON/);
});
