/** Each guard of the protocol is taken out, to see what it is for. */
import { explore, tell } from "./model/explorer";
import { GUARDS, type Guard } from "./model/rules";
import { EXPLORATIONS, LARGE, rulesOf, type Exploration } from "./explorations";

const ONE = EXPLORATIONS["any one fault"];
const TOLD = EXPLORATIONS["one fault that is told of"];
const UNTOLD = EXPLORATIONS["two faults that nobody tells of"];
const MIGRATION = EXPLORATIONS["a migration, and agents that hang"];
const KILLED = EXPLORATIONS["a migration, and agents that are killed"];
const LOST = EXPLORATIONS["two of death, silence and lost answers"];
const LATE = EXPLORATIONS["two of requests that come late"];
const HANDOFF = LARGE["two of notices, deaths and failures, told of"];
const RESTARTS: Exploration = { bounds: { instances: 3, steps: 1, faults: 2 }, faults: ["notice", "rebalance", "kill agent", "late write"] };
const RERUN: Exploration = { bounds: { instances: 3, steps: 2, faults: 2 }, faults: ["late write", "kill job"] };
const RELEASE_LATE: Exploration = { bounds: { instances: 3, steps: 2, faults: 2 }, faults: ["terminate", "late write"] };
const HANGS: Exploration = { bounds: { instances: 3, steps: 2, faults: 2 }, faults: ["rebalance", "hang"] };

/** What breaks without a guard, and where the exploration finds it. */
const NEEDED: [Guard, Exploration, string][] = [
  ["take over: only from an owner that is none, released, dead or past its deadline", ONE, "taken over from an owner that may live"],
  ["take over: only whoever has the task", ONE, "taken over without the task"],
  ["take over: only at the epoch that was read", ONE, "an owner is superseded by its own late request"],
  ["take over: not once finished", ONE, "taken over after the end"],
  ["take over: the lease of the former owner goes", MIGRATION, "taken over by the deadline of an earlier owner"],
  ["give the task: not once finished", ONE, "a task given after the end"],
  ["give the task: not once the job has failed", HANDOFF, "a failed job is given to another instance"],
  ["give the task: only as the execution that runs the job", ONE, "a task given by another execution"],
  ["stand in: only at the epoch that was read", RESTARTS, "an owner is superseded by its own late request"],
  ["stand in: only from an owner that is none, released, dead or past its deadline", RESTARTS, "taken over from an owner that may live"],
  ["stand in: not once finished", RESTARTS, "taken over after the end"],
  ["stand in: not once the job has failed", HANDOFF, "a failed job is taken up again"],
  ["stand in: writes a lease of its own", RESTARTS, "taken over by the deadline of an earlier owner"],
  ["ready: makes sure that the owner has a lease", LOST, "the job stands still"],
  ["ready: only at the epoch that was read", LATE, "a late request gives an owner a lease that nobody renews"],
  ["hand over: writes a lease", ONE, "declared dead while its lease lives"],
  ["announce: not what has released", RELEASE_LATE, "a release is taken back"],
  ["writes of an owner: only at its own epoch", ONE, "a superseded instance has written"],
  ["commit: only after the sequence that it knows", ONE, "a commit does not extend the last one"],
  ["commit: a refusal is read back", ONE, "an owner gives up a job that is its own"],
  ["commit: takes another sequence under its own epoch for its own only if this run tried that save", RERUN, "a commit does not extend the last one"],
  ["declare dead (machine): not while the lease lives", ONE, "declared dead while its lease lives"],
  ["declare dead (machine): not what has released", ONE, "a release is taken back"],
  ["declare dead (machine): when its task fails", UNTOLD, "somebody must wait for a timeout"],
  ["declare dead (watcher): not what has released", ONE, "a release is taken back"],
  ["declare dead (watcher): when its instance is terminated", TOLD, "somebody must wait for a timeout"],
  ["watcher: fails the task of an instance that goes, released or not", TOLD, "somebody must wait for a timeout"],
  ["owner: releases when the successor is ready", TOLD, "somebody must wait for a timeout"],
  ["agent: done once, it does nothing again", HANDOFF, "taken up again by what has released it"],
  ["machine: heartbeats time out", ONE, "the job stands still"],
  ["sweep: when the execution has ended", ONE, "an instance outlives the execution"],
  ["sweep: what a running execution has neither as owner nor with the task", UNTOLD, "an instance lives without the job, its task or anyone who ends it"],
];

/** Without one of these nothing breaks: another does its work, later. What that is. */
const FASTER: [Guard, string][] = [
  ["let it hand over: writes a lease", "the successor's ready writes one"],
  ["watcher: answers the task at a warning", "the agent answers it"],
  ["watcher: writes a lease at a warning", "the agent and the successor write one"],
  ["owner: finished, it answers the token that the ledger holds", "the successor boots, sees that the job is finished, and says so"],
  ["agent: stands in for its earlier life", "it releases for it, and the job waits for the successor"],
  ["agent: releases for an earlier life", "its instance's end declares it dead"],
  ["successor: stands in when it has a notice", "it leaves, and the job waits for the next one"],
  ["machine: terminates what failed", "the sweep ends it"],
  ["machine: terminates what has migrated", "the sweep ends it"],
];

describe("without the guard", () => {
  it.each(NEEDED)("%s", (guard, exploration, what) => {
    const { broken } = explore(rulesOf(exploration, [guard]));
    expect(broken?.what).toBe(what);
    expect(broken!.trace.length).toBeGreaterThan(3);
  });

  it.each(FASTER)("%s, nothing breaks: %s", (guard) => {
    for (const exploration of [ONE, TOLD, MIGRATION, KILLED]) expect(tell(explore(rulesOf(exploration, [guard])))).toBe("nothing is broken");
  });

  it.each(["machine: terminates what failed", "machine: terminates what has migrated"] as const)("%s, nor the sweep, an instance lives on", (guard) => {
    const sweep = "sweep: what a running execution has neither as owner nor with the task";
    expect(tell(explore(rulesOf(HANGS, [sweep])))).toBe("nothing is broken");
    expect(explore(rulesOf(HANGS, [sweep, guard])).broken?.what).toBe("an instance lives without the job, its task or anyone who ends it");
  });
});

it("every guard is tried", () => {
  expect([...NEEDED, ...FASTER].map(([guard]) => guard).sort()).toEqual(Object.keys(GUARDS).sort());
});

it("a counterexample reads as a story", () => {
  const { broken } = explore(rulesOf(ONE, ["give the task: not once finished"]));
  const story = broken!.trace.join("\n");
  expect(story).toMatch(/\[1\] takes over/);
  expect(story).toMatch(/! /);
  expect(broken!.trace.at(-1)).toMatch(/the machine gives it the task/);
});
