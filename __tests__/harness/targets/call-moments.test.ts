import type { Authorization } from "../../../harness/region/core/types";
import { CallMoments } from "../../../harness/targets/call-moments";
import { seconds } from "../../../harness/time/clock";
import { createVirtualClock } from "../../../harness/time/virtual-clock";

const A = "i-0000000000000000a";
const call = (service: string, operation: string, input: object, instanceId = A): Authorization =>
  ({ service, operation, input, context: { caller: { arn: `arn:aws:sts::123456789012:assumed-role/spotproof-instance/${instanceId}` } } }) as unknown as Authorization;
const COMMIT = call("dynamodb", "UpdateItem", { UpdateExpression: "SET #progressPercent = :progressPercent, #last = :last, #sequence = :sequence" });

/** What `meetCall` gives, and when, while an instance makes these calls a second apart; and how long each was held. */
async function play(calls: [stage: "asked" | "done", call: Authorization][], phase: Parameters<CallMoments["meetCall"]>[0], wanted = (instanceId: string): boolean => instanceId === A) {
  const clock = createVirtualClock({ startMicroseconds: 0 });
  const moments = new CallMoments(clock);
  let over = false;
  const held: number[] = [];
  const seen: { met?: string | undefined; at?: number } = {};
  await clock.run("test", async () => {
    const fault = clock.spawn("fault", async () => {
      seen.met = await moments.meetCall(phase, wanted, () => over);
      seen.at = clock.now() / 1e6;
    });
    for (const [stage, each] of calls) {
      await clock.sleep(seconds(1));
      const began = clock.now();
      await moments.meet(stage, each);
      held.push((clock.now() - began) / 1e6);
    }
    over = true;
    await clock.join(fault);
  });
  clock.close();
  return { ...seen, held };
}

test("a call that shows the phase is met once, at its own time, and stays on its way meanwhile", async () => {
  expect(await play([["done", COMMIT], ["asked", COMMIT], ["asked", COMMIT]], "commit")).toEqual({ met: A, at: 2, held: [0, 1, 0] });
});
test("the same call after it was carried out is another phase", async () => expect(await play([["asked", COMMIT], ["done", COMMIT]], "committed")).toMatchObject({ met: A, at: 2 }));
test("calls of others, and other calls, are let through", async () => {
  const other = call("dynamodb", "UpdateItem", { UpdateExpression: "SET #progressPercent = :progressPercent" });
  expect(await play([["asked", { ...COMMIT, context: call("", "", {}, "i-0000000000000000b").context }], ["asked", other]], "commit")).toMatchObject({ met: undefined, held: [0, 0] });
});
test.each([
  ["upload", call("s3", "PutObject", { Key: "jobs/j/1-1-u" }), call("s3", "PutObject", { Key: "logs/j/1-i.log" })],
  ["final-log", call("s3", "PutObject", { Key: "logs/j/1-i.log" }), call("s3", "PutObject", { Key: "jobs/j/1-1-u" })],
  ["report", call("sfn", "SendTaskSuccess", { output: '{"outcome": "finished"}' }), call("sfn", "SendTaskSuccess", { output: '{"outcome": "notice"}' })],
] as const)("phase %s", async (phase, met, passed) => expect(await play([["asked", passed], ["asked", met]], phase)).toMatchObject({ met: A, at: 2 }));
