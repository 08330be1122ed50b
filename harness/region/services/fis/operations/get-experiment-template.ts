/** https://docs.aws.amazon.com/fis/latest/APIReference/API_GetExperimentTemplate.html */
import { templateOut } from "../store";
import type { FisOperation } from "./operation";

export const getExperimentTemplate: FisOperation = (store) => (input) => ({ experimentTemplate: templateOut(store, store.template(String(input["id"]))) });
