/** https://docs.aws.amazon.com/fis/latest/APIReference/API_GetSafetyLever.html */
import { notFound } from "../errors";
import { SAFETY_LEVER_ID } from "../safety-lever";
import type { FisStore } from "../store";
import type { FisOperation } from "./operation";

/** @throws AwsError ResourceNotFoundException: an account has one lever, whose id is `default` */
export function leverOut(store: FisStore, id: unknown): object {
  if (id !== SAFETY_LEVER_ID) throw notFound(`Safety lever ${String(id)} not found.`);
  return { safetyLever: { id: SAFETY_LEVER_ID, arn: store.arn("safety-lever", SAFETY_LEVER_ID), state: { status: store.lever.status, reason: store.lever.reason } } };
}

export const getSafetyLever: FisOperation = (store) => (input) => leverOut(store, input["id"]);
