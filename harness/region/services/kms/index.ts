/**
 * KMS, as far as random bytes go: the region has no keys, and every other operation is refused by name.
 * https://docs.aws.amazon.com/kms/latest/APIReference/Welcome.html
 */
import type { RegionContext, Service } from "../../core/types";
import { jsonService } from "../../wire/json";
import { generateRandom } from "./operations/generate-random";

export const createKmsService = (region: RegionContext): Service => jsonService({
  name: "kms",
  signingName: "kms",
  version: "1.1",
  targetPrefix: "TrentService",
  region,
  operations: { GenerateRandom: generateRandom(region.random.fork("kms")) },
});
