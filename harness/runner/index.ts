/** Runs scenarios: finds them, carries them out side by side, turns histories into results. */
export { chooseRuns, loadScenarios, SCENARIO_FOLDER, type Chosen } from "./load-scenarios";
export { type Executed, type TargetSpec } from "./execute";
export { canonicalJson, historyFile, writeHistories } from "./histories";
export { runAll, type PoolOptions } from "./pool";
export { rerunCommand, resultWithout } from "./result";
export { type Progress } from "./progress";
