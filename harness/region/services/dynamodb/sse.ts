/** Server-side encryption of a table. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_SSESpecification.html */
import { AwsError } from "../../core/types";
import type { TableFacts, Tables } from "./tables";

export interface SseSpecification { Enabled?: boolean; SSEType?: string; KMSMasterKeyId?: string }

/** What a specification asks for; undefined: the key that AWS owns, which is the default. @throws AwsError ValidationException */
export function sseOf(specification: SseSpecification | undefined, tables: Tables): TableFacts["sse"] {
  if (!specification?.Enabled) return undefined;
  if (specification.SSEType !== undefined && specification.SSEType !== "KMS") throw new AwsError("ValidationException", `One or more parameter values were invalid: SSEType ${specification.SSEType} is not supported`);
  return { type: "KMS", keyArn: specification.KMSMasterKeyId ?? tables.managedKeyArn() };
}
