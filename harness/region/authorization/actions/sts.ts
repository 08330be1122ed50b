/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html */
import { anywhere, asksItself, free, type RuleTable } from "../need";

export const STS: RuleTable = {
  AssumeRole: asksItself("the role's trust policy decides, with the caller's own policies"),
  DecodeAuthorizationMessage: anywhere("sts:DecodeAuthorizationMessage"),
  GetSessionToken: free("no permissions are required: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_getsessiontoken.html"),
  GetCallerIdentity: free("no permissions are required: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html"),
};
