/** What recorded.py prints, with the product's own agent. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { choosePython } from "../../../scripts/python-tests";

const ROOT = join(__dirname, "../../..");

export function recorded<T>(what: "ledger" | "decisions", nowSeconds: number): T[] {
  const { command } = choosePython(process.env, ROOT);
  const printed = execFileSync(command, [join(__dirname, "recorded.py"), String(nowSeconds), what], {
    encoding: "utf8", maxBuffer: 1 << 28, env: { ...process.env, PYTHONPATH: join(ROOT, "userdata/agent"), PYTHONDONTWRITEBYTECODE: "1" },
  });
  return printed.trim().split("\n").map((line) => JSON.parse(line) as T);
}
