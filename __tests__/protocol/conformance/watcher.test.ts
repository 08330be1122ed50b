/** What the watcher's function does of an event is what the model's does, for everything that the ledger may say. */
import { GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { makeHandler } from "../../../functions/watcher";
import { rules } from "../model/rules";
import { DEADLINE, DUE, ENDING, I, L, M, MACHINE, newState, of, OWNER, VM, type State } from "../model/state";
import { watcherSteps } from "../model/watcher";
import { execution, instance, toItem, token } from "./item";

/* eslint-disable @typescript-eslint/no-explicit-any */
const NOW = 1_900_000_000;

const EVENTS = {
  warning: { field: I.warningDue, event: { "detail-type": "EC2 Spot Instance Interruption Warning", detail: {} } },
  "shutting-down": { field: I.stoppingDue, event: { "detail-type": "EC2 Instance State-change Notification", detail: { state: "shutting-down" } } },
  terminated: { field: I.goneDue, event: { "detail-type": "EC2 Instance State-change Notification", detail: { state: "terminated" } } },
};

function* ledgers(): Generator<State> {
  for (const task of [0, 1, 2]) {
    for (const owner of [0, 1, 2]) {
      for (const ownerState of Object.values(OWNER)) {
        for (const deadline of Object.values(DEADLINE)) {
          const state = newState();
          Object.assign(state, { [L.taskInstance]: task, [L.taskToken]: task, [L.ownerInstance]: owner, [L.ownerEpoch]: 1, [L.ownerState]: ownerState, [L.ownerDeadline]: deadline });
          yield state;
        }
      }
    }
  }
}

/** The answer to the task, and which writes were tried, in order. */
interface Did { answer: string; writes: string[] }

/** The model, step by step, until the event is dealt with. */
function modelDoes(ledger: State, field: number): Did {
  let s: State = ledger.slice();
  const due = field + of(1);
  Object.assign(s, { [M.current]: s[L.taskInstance]!, [M.launched]: 2, [M.token]: s[L.taskToken]!, [M.machine]: MACHINE.wait, [I.vm + of(1)]: VM.running, [due]: DUE.event });
  const writes = field === I.warningDue ? ["notices", "ownerDeadline"] : field === I.goneDue ? ["ownerState"] : [];
  while (s[due] !== DUE.nothing) {
    const nexts: State[] = [];
    watcherSteps(s, rules({ instances: 3, steps: 1, faults: 0 }), (_label, _n, after) => void nexts.push(after.slice()));
    expect(nexts).toHaveLength(1);
    s = nexts[0]!;
  }
  return { answer: { [ENDING.none]: "none", [ENDING.notice]: "notice", [ENDING.instanceTerminated]: "InstanceTerminated" }[s[M.ending]!]!, writes };
}

async function productDoes(ledger: State, event: { "detail-type": string; detail: object }): Promise<Did> {
  const did: Did = { answer: "none", writes: [] };
  const tags = { "spotproof:name": "spotproof", "spotproof:job": "j", "spotproof:execution": execution(0), "spotproof:launch": "1" };
  await makeHandler({
    dynamodb: {
      send: async (command: any) => {
        if (command instanceof GetItemCommand) return { Item: toItem(ledger, NOW) };
        expect(command).toBeInstanceOf(UpdateItemCommand);
        did.writes.push(/SET (\w+)/.exec(command.input.UpdateExpression)![1]!);
        return {};
      },
    } as any,
    ec2: { send: async () => ({ Reservations: [{ Instances: [{ InstanceId: instance(1), Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }] }] }) } as any,
    sfn: {
      send: async ({ input }: any) => {
        expect(input.taskToken).toBe(token(1));
        did.answer = input.error ?? JSON.parse(input.output).outcome;
        return {};
      },
    } as any,
    table: "ledger",
    name: "spotproof",
    log: () => {},
  })({ time: new Date(NOW * 1000).toISOString(), ...event, detail: { "instance-id": instance(1), ...event.detail } });
  return did;
}

it.each(Object.entries(EVENTS))("%s", async (_name, { field, event }) => {
  const answers = new Set<string>();
  for (const ledger of ledgers()) {
    const [product, model] = [await productDoes(ledger, event), modelDoes(ledger, field)];
    expect({ ledger: toItem(ledger, NOW), ...product }).toEqual({ ledger: toItem(ledger, NOW), ...model });
    answers.add(product.answer);
  }
  expect(answers.size).toBe(2);
});
