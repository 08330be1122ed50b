/** https://docs.aws.amazon.com/fis/latest/APIReference/API_GetExperiment.html */
import { experimentOut } from "../store";
import type { FisOperation } from "./operation";

export const getExperiment: FisOperation = (store) => (input) => ({ experiment: experimentOut(store, store.experiment(String(input["id"]))) });
