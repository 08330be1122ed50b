import { explore, tell } from "./model/explorer";
import { RESULT } from "./model/state";
import { EXPLORATIONS, LARGE, rulesOf, type Exploration } from "./explorations";

const explorations: [string, Exploration][] = Object.entries({ ...EXPLORATIONS, ...(process.env["PROTOCOL"] === "all" ? LARGE : {}) });

describe("in every state that can be reached", () => {
  it.each(explorations)("with %s, nothing is broken and the job ends", (_name, exploration) => {
    const explored = explore(rulesOf(exploration));
    if (process.env["PROTOCOL"] === "all") console.info(`${_name}: ${explored.states} states, ${explored.steps} steps`);
    expect(tell(explored)).toBe("nothing is broken");
    expect(explored.ends[RESULT.succeeded]).toBeGreaterThan(0);
  }, 1_800_000);

  it("and without any fault, there is one end: success with the first instance", () => {
    const explored = explore(rulesOf({ bounds: { instances: 3, steps: 2, faults: 0 }, faults: [] }));
    expect(tell(explored)).toBe("nothing is broken");
    expect(explored.ends).toEqual({ [RESULT.succeeded]: 1 });
  });

  it("with fewer faults than launches the job is done, unless it fails itself", () => {
    const { faults } = EXPLORATIONS["any one fault"];
    const explored = explore(rulesOf({ bounds: { instances: 3, steps: 2, faults: 1 }, faults: faults.filter((fault) => fault !== "job fails") }));
    expect(tell(explored)).toBe("nothing is broken");
    expect(Object.keys(explored.ends)).toEqual([String(RESULT.succeeded)]);
  });
});
