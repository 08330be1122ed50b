/** The state machine that is deployed goes where the model's goes, for every ending of an attempt and everything that the ledger may then say. */
import { errors, ME, runMachine, type Attempt } from "../../stacks/machine/world";
import { TaskError } from "../../../harness/asl/errors";
import { answer } from "../model/agent";
import { machineSteps } from "../model/machine";
import { rules } from "../model/rules";
import { DEADLINE, ENDING, I, L, M, MACHINE, newState, of, OWNER, REASON, RESULT, VM, type State } from "../model/state";
import { instance, OWNER_STATES, toItem, toState } from "./item";

/* eslint-disable @typescript-eslint/no-explicit-any */
const START = Date.parse("2030-01-01T00:00:00Z") / 1000;
const ENDINGS: Record<string, { ending: number; end: (callback: any) => void }> = {
  finished: { ending: ENDING.finished, end: (callback) => callback.succeed({ outcome: "finished", percent: 100, epoch: 1, reason: "finished" }) },
  saved: { ending: ENDING.saved, end: (callback) => callback.succeed({ outcome: "saved", percent: 10, epoch: 1, reason: "error" }) },
  notice: { ending: ENDING.notice, end: (callback) => callback.succeed({ outcome: "notice", percent: 10, epoch: 1, reason: "notice", deadline: START + 1_000_000 }) },
  migrate: { ending: ENDING.migrate, end: (callback) => callback.succeed({ outcome: "migrate", percent: 10, epoch: 1, reason: "migrate", deadline: START + 1_000_000 }) },
  InstanceTerminated: { ending: ENDING.instanceTerminated, end: (callback) => callback.fail("InstanceTerminated", "it went") },
  JobFailed: { ending: ENDING.jobFailed, end: (callback) => callback.fail("JobFailed", "exit code 1") },
  "a heartbeat timeout": { ending: ENDING.timeout, end: () => {} },
};

/** What the ledger may say when the first attempt ends: who owns the job (nobody, this instance, another), how, and until when. */
function* ledgers(): Generator<State> {
  for (const owner of [0, 1, 2]) {
    for (const ownerState of Object.values(OWNER)) {
      if ((owner === 0) !== (ownerState === OWNER.none)) continue;
      for (const deadline of Object.values(DEADLINE)) {
        for (const [finished, reason] of [[0, REASON.none], [1, REASON.finished], [0, REASON.jobFailed]] as const) {
          if (reason !== REASON.none && ownerState !== OWNER.released) continue;
          const state = newState();
          Object.assign(state, { [L.taskInstance]: 1, [L.taskToken]: 1, [L.ownerInstance]: owner, [L.ownerEpoch]: owner === 0 ? 0 : 1, [L.ownerState]: ownerState, [L.ownerDeadline]: deadline, [L.finished]: finished, [L.ownerReason]: reason });
          yield state;
        }
      }
    }
  }
}

/** Where one of them goes: what it does next, what the ledger says of the owner then, and whether it has terminated the instance. */
interface Went { next: string; ownerState: string; deadline: number; terminated: boolean }

function modelGoes(ledger: State, ending: number): Went {
  let s: State = ledger.slice();
  Object.assign(s, { [M.current]: 1, [M.launched]: 1, [M.token]: 1, [M.machine]: MACHINE.wait, [I.vm + of(1)]: VM.running, [I.at + of(1)]: 8 });
  answer(s, ending);
  while (s[M.machine] !== MACHINE.launch && s[M.machine] !== MACHINE.ended) {
    const nexts: State[] = [];
    machineSteps(s, rules({ instances: 3, steps: 1, faults: 0 }), (_label, _n, after) => void nexts.push(after.slice()));
    expect(nexts).toHaveLength(1);
    s = nexts[0]!;
  }
  const ends: Record<number, string> = { [RESULT.succeeded]: "Finished", [RESULT.jobFailed]: "Job failed" };
  return {
    next: s[M.machine] === MACHINE.launch ? "Launch an instance" : ends[s[M.result]!]!,
    ownerState: OWNER_STATES[s[L.ownerState]!]!, deadline: s[L.ownerDeadline]!, terminated: s[I.vm + of(1)] !== VM.running,
  };
}

async function productGoes(ledger: State, end: (callback: any) => void): Promise<Went> {
  let attempted = 0;
  let theItem: Attempt["item"] = {};
  const ran = await runMachine({
    // The second launch is refused, so that the run ends there; while an owner works that alone ends nothing.
    fleet: (call) => {
      if (call === 1) return "instance";
      theItem["finished"] = { BOOL: true };
      return errors("UnauthorizedOperation", "not authorized");
    },
    attempt: async ({ item, callback }: Attempt) => {
      theItem = item;
      if (++attempted > 1) throw new TaskError("Unforeseen", "a second attempt");
      const { taskToken, launch, taskLaunch, executionArn } = item;
      for (const name of ["ownerInstanceId", "ownerLaunch", "ownerDeadline", "ownerReason", "finished"]) delete item[name];
      Object.assign(item, toItem(ledger, START), { jobId: { S: "run" }, taskToken, launch, taskLaunch, executionArn });
      end(callback);
    },
  });
  const after = toState({ ...ran.item!, executionArn: { S: `${ME}:0` }, taskToken: { S: "token-1" } } as never, START);
  const waited = ran.entered.lastIndexOf("Wait for the attempt");
  const next = ran.entered.slice(waited).find((name) => ["Launch an instance", "Finished", "Job failed", "Attempt failed", "Superseded", "No progress", "Attempts exhausted"].includes(name))!;
  const terminated = (ran.calls["terminateInstances"] ?? []).some(({ InstanceIds }) => InstanceIds.includes(instance(1)));
  return { next, ownerState: OWNER_STATES[after[L.ownerState]!]!, deadline: after[L.ownerDeadline]!, terminated };
}

describe.each(Object.entries(ENDINGS))("after %s", (_name, { ending, end }) => {
  it("it does what the model does", async () => {
    const all = [...ledgers()];
    expect(all.length).toBeGreaterThan(40);
    for (const ledger of all) {
      // A migration that is over is terminated at once by both; the model keeps who migrates until the next ending.
      const [product, model] = [await productGoes(ledger, end), modelGoes(ledger, ending)];
      expect({ ledger: toItem(ledger, START), ...product }).toEqual({ ledger: toItem(ledger, START), ...model });
    }
  });
});
