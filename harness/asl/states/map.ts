/**
 * Map, inline: the same states for each item of a list, a bounded number of them at once.
 * https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html
 */
import type { Branch, MapItem, Outcome } from "../branch";
import { resumeChildren, runChildren } from "../children";
import type { Flow } from "./flow";
import type { Json, Maybe } from "../json";
import { recovering, type Recovery } from "./recovery";
import { State, type SubMachine } from "../state";

/** How many iterations an inline Map runs at once at most. */
const MAXIMUM_CONCURRENCY = 40;

export interface MapFields {
  flow: Flow;
  /** Throws StatesError for what is no list. */
  items(branch: Branch, input: Json, prepared: Json): Maybe<readonly Json[]>;
  /** 0: no limit but the service's. */
  maxConcurrency(branch: Branch, input: Json): Maybe<number>;
  /** The input of one iteration, from the state's effective input; undefined: the item. */
  itemSelector: ((branch: Branch, input: Json, prepared: Json) => Maybe<Json>) | undefined;
}

export class MapState extends State {
  recovery: Recovery = { retriers: [], catchers: [] };
  processor!: SubMachine;

  constructor(name: string, private readonly fields: MapFields, private readonly hasDistributedFields: boolean) {
    super(name, "Map");
  }

  run(branch: Branch, input: Json): Promise<Outcome> {
    return recovering(branch, this.recovery, input, () => this.attempt(branch, input), () => { branch.emit("MapStateFailed"); });
  }

  private async attempt(branch: Branch, input: Json): Promise<Outcome> {
    const result = await (resumeChildren(branch) ?? this.begin(branch, input));
    const last = branch.previousEventId;
    branch.emit("MapStateSucceeded");
    const completion = await this.fields.flow.complete(branch, input, result);
    branch.previousEventId = last;
    return { ...completion, next: this.next };
  }

  private async begin(branch: Branch, input: Json): Promise<Json[]> {
    const { flow, items, maxConcurrency, itemSelector } = this.fields;
    if (this.hasDistributedFields) throw branch.fault("States.Runtime", "The ItemReader, ItemBatcher and ResultWriter fields are not supported for INLINE maps", { fatal: true });
    const prepared = await flow.prepare(branch, input);
    const values = await items(branch, input, prepared);
    const limit = await maxConcurrency(branch, input);
    branch.emit("MapStateStarted", { length: values.length });
    const mapItem = (index: number): MapItem => ({ Index: index, Value: values[index] as Json });
    const inputs: Json[] = [];
    for (let index = 0; index < values.length; index += 1) {
      if (itemSelector === undefined) {
        inputs.push(values[index] as Json);
      } else {
        branch.mapItem = mapItem(index);
        try {
          inputs.push(await itemSelector(branch, input, prepared));
        } finally {
          branch.mapItem = branch.outerMapItem;
        }
      }
    }
    const concurrency = limit === 0 ? MAXIMUM_CONCURRENCY : Math.min(limit, MAXIMUM_CONCURRENCY);
    return runChildren(branch, values.length, concurrency, (index) => {
      const details = { name: this.name, index };
      return {
        startAt: this.processor.startAt, input: inputs[index] as Json, mapItem: mapItem(index),
        started: (child) => { child.emit("MapIterationStarted", details); },
        succeeded: (child) => { child.emit("MapIterationSucceeded", details); },
        failed: (parent) => { parent.emit("MapIterationFailed", details, true); },
        aborted: (parent) => { parent.emit("MapIterationAborted", details, true); },
      };
    });
  }
}
