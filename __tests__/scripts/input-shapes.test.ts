/** The committed shapes of inputs are those of the installed SDK clients, for the operations that the region has. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { inputFiles } from "../../scripts/input-shapes";

it("are fresh (npm run shapes writes them)", async () => {
  const files = await inputFiles();
  const [first] = files.keys();
  expect(readdirSync(dirname(first!)).sort()).toEqual([...files.keys()].map((file) => basename(file)).sort());
  for (const [file, text] of files) expect([file, readFileSync(file, "utf8")]).toEqual([file, text]);
});
