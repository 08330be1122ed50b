import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

test("promises that a function rejects and nobody handles end its invocation, not this process", async () => {
  const root = join(__dirname, "../../../../..");
  const { stdout } = await promisify(execFile)(process.execPath, ["-r", join(root, "harness/register.js"), join(__dirname, "stray-rejections.program.ts")], { cwd: root });
  expect(JSON.parse(stdout)).toEqual({
    own: { errorType: "Runtime.UnhandledPromiseRejection", errorMessage: "Error: stray" },
    call: { errorType: "Runtime.UnhandledPromiseRejection", errorMessage: "ResourceNotFoundException: Function not found: arn:aws:lambda:us-east-1:123456789012:function:none" },
    handled: "fine",
  });
});
