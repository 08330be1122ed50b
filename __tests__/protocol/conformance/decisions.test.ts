/** The agent's decisions (userdata/agent/handoff.py) are the model's, over all that an agent may see. */
import { GUARDS } from "../model/rules";
import * as model from "../model/decisions";
import { DEADLINE, L, newState, OWNER, REASON, type State } from "../model/state";
import { OWNER_STATES } from "./item";
import { recorded } from "./python";

interface Decided {
  /** The owner's state, its deadline, who it is, for whom the task is, whether there is a token, who is ready, how the job has ended; what the agent knows of, and whether it is late. */
  seen: [string, "ahead" | "past" | null, number, number, boolean, number, "finished" | "job-failed" | null, keyof typeof WHYS | null, boolean];
  /** At its own epoch, and at another. */
  owner: [string, string];
  successor: string;
}

const WHYS = { migrate: 1, notice: 2, terminate: 3 };
const all = recorded<Decided>("decisions", 1_900_000_000);

function stateOf([ownerState, deadline, owner, task, token, ready, end]: Decided["seen"]): State {
  const state = newState();
  return Object.assign(state, {
    [L.ownerEpoch]: 1, [L.ownerState]: OWNER_STATES.indexOf(ownerState), [L.ownerDeadline]: deadline === null ? DEADLINE.absent : DEADLINE[deadline], [L.ownerInstance]: owner,
    [L.taskInstance]: task, [L.taskToken]: token ? 1 : 0, [L.readyLaunch]: ready, [L.finished]: end === "finished" ? 1 : 0,
    [L.ownerReason]: end === null ? REASON.none : end === "finished" ? REASON.finished : REASON.jobFailed,
  }) as State;
}
const whyOf = ({ seen }: Decided): number => (seen[7] === null ? 0 : WHYS[seen[7]]);
/** An owner that hands over already renews its lease as it runs out; for the model a lease runs out when it does. */
const renewed = (decision: string, state: State): string => (decision === "hand-over" && state[L.ownerState] === OWNER.handingOver ? "work" : decision);

it("are asked over the whole domain", () => expect(all.length).toBe(7 * 3 * 3 * 3 * 2 * 3 * 3 * 5));

it("of an owner", () => {
  const differing = all.flatMap((each) => {
    const state = stateOf(each.seen);
    return [1, 2].flatMap((epoch, i) => {
      const [product, expected] = [renewed(each.owner[i]!, state), model.owner(state, 1, epoch, whyOf(each), each.seen[8], GUARDS)];
      return product === expected ? [] : [{ seen: each.seen, epoch, product, model: expected }];
    });
  });
  expect(differing).toEqual([]);
});

it("of a successor", () => {
  const differing = all.flatMap((each) => {
    const expected = model.successor(stateOf(each.seen), 1, whyOf(each), each.seen[8], GUARDS);
    return each.successor === expected ? [] : [{ seen: each.seen, product: each.successor, model: expected }];
  });
  expect(differing).toEqual([]);
});
