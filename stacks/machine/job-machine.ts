/**
 * The state machine that carries one job to its end: configuration and references in, Amazon States Language out
 * (JSONata, Standard). Pure.
 *
 *   input    the input is checked
 *   start    the ledger item is initialized, or taken up
 *   launch   one instance is asked for, until there is one
 *   attempt  its task is written into the ledger and waited for; the instance is terminated, the ledger read
 *   handoff  or it works on, because it has had a notice, while its successor is launched
 *   bounds   what the input says that the job may use at most
 *   endings  finished or failed; otherwise the next launch
 *
 * What it may believe: that an attempt ended, from the task's result, its failure or its timeout; how far the job is,
 * only from the ledger. It keeps what it knows in variables.
 */
import { attemptStates } from "./attempt";
import { boundStates } from "./bounds";
import type { MachineConfig, MachineRefs } from "./config";
import { endingStates } from "./endings";
import { handoffStates } from "./handoff";
import { inputStates } from "./input";
import type { Json, States } from "./language";
import { launchStates } from "./launch";
import { startStates } from "./start";

/** The definition, as an object. */
export function jobMachine(config: MachineConfig, refs: MachineRefs): { [key: string]: Json } {
  const states: States = {
    ...inputStates(config, refs),
    ...startStates(config, refs),
    ...launchStates(config, refs),
    ...attemptStates(config, refs),
    ...handoffStates(config, refs),
    ...boundStates(config, refs),
    ...endingStates(refs),
  };
  return {
    Comment: "Carries one checkpointed job to its end on Spot instances, one after another.",
    QueryLanguage: "JSONata",
    StartAt: "Check the input",
    States: states,
  };
}
