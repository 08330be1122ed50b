/**
 * Stops an experiment: running actions give back what they hold, others are cancelled; what is done is done.
 * https://docs.aws.amazon.com/fis/latest/APIReference/API_StopExperiment.html
 */
import { validation } from "../errors";
import { isOver } from "../model";
import { experimentOut } from "../store";
import type { FisOperation } from "./operation";

export const stopExperiment: FisOperation = (store) => (input) => {
  const run = store.experiment(String(input["id"]));
  const { id, state } = run.experiment;
  if (isOver(state.status)) throw validation(`Experiment ${id} cannot be stopped: it is in the state ${state.status}.`);
  run.stop("Experiment stopped.");
  return { experiment: experimentOut(store, run) };
};
