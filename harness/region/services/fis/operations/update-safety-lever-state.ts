/** https://docs.aws.amazon.com/fis/latest/APIReference/API_UpdateSafetyLeverState.html */
import { structure, text } from "../validate/read";
import { leverOut } from "./get-safety-lever";
import type { FisOperation } from "./operation";

export const updateSafetyLeverState: FisOperation = (store) => (input) => {
  leverOut(store, input["id"]);
  const state = structure(input["state"], "state");
  const status = text(state["status"], "state.status", { of: ["disengaged", "engaged"] });
  store.lever.set(status === "engaged", text(state["reason"], "state.reason"));
  return leverOut(store, input["id"]);
};
