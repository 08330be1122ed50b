/** Scenarios that the whole suite leaves out: they are read and checked like any other. */
import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { chooseRuns } from "../../../harness/runner";
import { SCENARIO_FOLDER } from "../../../harness/runner/load-scenarios";

const FOLDER = join(SCENARIO_FOLDER, "on-request");

it("are given by their paths, named as their files, and none of the suite's", () => {
  const files = readdirSync(FOLDER);
  const chosen = chooseRuns(files.map((file) => relative(process.cwd(), join(FOLDER, file)))).map(({ run }) => run.name);
  expect(chosen.map((name) => `${name}.yaml`)).toEqual(files);
  const suite = new Set(chooseRuns([]).map(({ run }) => run.name));
  expect(chosen.filter((name) => suite.has(name))).toEqual([]);
});
