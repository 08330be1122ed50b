/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html */
import { anywhere, type RuleTable } from "../need";

export const KMS: RuleTable = { GenerateRandom: anywhere("kms:GenerateRandom") };
