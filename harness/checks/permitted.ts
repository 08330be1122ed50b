/** IAM refused no call: what is deployed has every permission that it uses. Only a target that decides such calls can tell. */
import { refusalLines } from "../model/permissions";
import { fail, pass, type Check } from "./check";

export const permitted: Check = {
  name: "permitted",
  run({ refusals }) {
    if (refusals === undefined) return undefined;
    if (refusals.length === 0) return pass("every call was allowed by a policy");
    return fail("every call to be allowed by a policy", refusals.map((refusal) => refusalLines(refusal).join("\n")).join("\n"));
  },
};
