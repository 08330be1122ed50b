/** IAM refused no call: what is deployed has every permission that it uses. Only a target that decides such calls can tell. */
import { refusalLines } from "../model/permissions";
import { fail, pass, type Check } from "./check";

export const permitted: Check = {
  name: "permitted",
  run({ refusals: all, run: { region } }) {
    if (all === undefined) return undefined;
    const refusals = all.filter(({ action }) => action !== region?.deniedAction);
    if (refusals.length === 0) return pass(region?.deniedAction === undefined ? "every call was allowed by a policy" : `every call was allowed by a policy, but for ${region.deniedAction}, which the scenario denies`);
    return fail("every call to be allowed by a policy", refusals.map((refusal) => refusalLines(refusal).join("\n")).join("\n"));
  },
};
