/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html */
import { asksItself, free, type RuleTable } from "../need";

export const STS: RuleTable = {
  AssumeRole: asksItself("the role's trust policy decides, with the caller's own policies"),
  GetCallerIdentity: free("no permissions are required: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html"),
};
