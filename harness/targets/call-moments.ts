/**
 * The phases of an instance's work that only its calls show: between a save's upload and its commit, between the report of the end and
 * power-off. The region tells of each call before it is carried out and before its answer leaves. The call that was waited for
 * then stays on its way, its asker waiting, until the fault has struck: what was only asked for is lost with an instance that is gone.
 */
import type { CallPhase } from "../model/scenario";
import type { Authorization } from "../region/core/types";
import type { CallStage } from "../region/core/types";
import { seconds, type Clock, type Gate } from "../time/clock";

/** For so long a call stays on its way. */
const HOLD_SECONDS = 1;
/** Between looks at whether the run is over. */
const LOOK_SECONDS = 5;

interface Moment { stage: CallStage; service: string; operations: readonly string[]; when(input: Record<string, unknown>): boolean }

const below = (prefix: string) => ({ Key: key }: Record<string, unknown>): boolean => String(key).startsWith(prefix);
const updates = (pattern: RegExp) => ({ UpdateExpression: update }: Record<string, unknown>): boolean => pattern.test(String(update));
/** The answer with which an owner's work ends, not one that only announces the end. */
const isEnd = ({ output }: Record<string, unknown>): boolean => /"outcome": ?"(finished|saved)"/.test(String(output));

const MOMENTS: Readonly<Record<CallPhase, Moment>> = {
  takeover: { stage: "done", service: "dynamodb", operations: ["UpdateItem"], when: updates(/ownerEpoch = ownerEpoch \+/) },
  upload: { stage: "asked", service: "s3", operations: ["PutObject", "UploadPart"], when: below("jobs/") },
  commit: { stage: "asked", service: "dynamodb", operations: ["UpdateItem"], when: updates(/#last = :last/) },
  committed: { stage: "done", service: "dynamodb", operations: ["UpdateItem"], when: updates(/#last = :last/) },
  "final-log": { stage: "asked", service: "s3", operations: ["PutObject"], when: below("logs/") },
  report: { stage: "asked", service: "sfn", operations: ["SendTaskSuccess"], when: isEnd },
  reported: { stage: "done", service: "sfn", operations: ["SendTaskSuccess"], when: isEnd },
};

interface Waiting { moment: Moment; wanted(instanceId: string): boolean; gate: Gate; met?: string }

export class CallMoments {
  private readonly waiting = new Set<Waiting>();

  constructor(private readonly clock: Clock) {}

  /** The region's hook. */
  readonly meet = (stage: CallStage, call: Authorization): Promise<void> | undefined => {
    if (this.waiting.size === 0) return undefined;
    const instanceId = /\/(i-[0-9a-f]+)$/.exec(call.context.caller?.arn ?? "")?.[1];
    if (instanceId === undefined) return undefined;
    const { service, operation, input } = call;
    const found = [...this.waiting].filter(({ moment, wanted, met }) =>
      met === undefined && moment.stage === stage && moment.service === service && moment.operations.includes(operation) && moment.when(input as Record<string, unknown>) && wanted(instanceId));
    if (found.length === 0) return undefined;
    for (const each of found) {
      each.met = instanceId;
      each.gate.open();
    }
    return this.clock.sleep(seconds(HOLD_SECONDS));
  };

  /** As `Target.meetCall`. */
  async meetCall(phase: CallPhase, wanted: (instanceId: string) => boolean, over: () => boolean): Promise<string | undefined> {
    const waiting: Waiting = { moment: MOMENTS[phase], wanted, gate: this.clock.gate(`phase ${phase}`) };
    this.waiting.add(waiting);
    while (waiting.met === undefined && !over()) await waiting.gate.wait(seconds(LOOK_SECONDS));
    this.waiting.delete(waiting);
    return waiting.met;
  }
}
