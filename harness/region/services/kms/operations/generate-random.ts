/** Random bytes, drawn from the region's seeded generator. https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateRandom.html */
import type { Random } from "../../../../time/clock";
import { AwsError, type Operation } from "../../../core/types";
import { REFUSED } from "../limits";

interface Input { NumberOfBytes?: number; CustomKeyStoreId?: string; Recipient?: object }

const MOST_BYTES = 1024;

const outOfRange = (value: number, constraint: string): AwsError =>
  new AwsError("ValidationException", `1 validation error detected: Value '${value}' at 'numberOfBytes' failed to satisfy constraint: Member must have value ${constraint}`);

export const generateRandom = (random: Random): Operation<Input> => ({ NumberOfBytes: count, CustomKeyStoreId: keyStore, Recipient: recipient }) => {
  if (keyStore !== undefined) throw new AwsError("CustomKeyStoreNotFoundException", `The embedded region does not support ${REFUSED.keyStores}; there is none with the id ${keyStore}.`);
  if (recipient !== undefined) throw new AwsError("UnsupportedOperationException", `The embedded region does not support ${REFUSED.recipient}.`);
  if (typeof count !== "number" || !Number.isInteger(count)) throw new AwsError("ValidationException", "NumberOfBytes is required, and must be a whole number: there is no default length of the random byte string.");
  if (count < 1) throw outOfRange(count, "greater than or equal to 1");
  if (count > MOST_BYTES) throw outOfRange(count, `less than or equal to ${MOST_BYTES}`);
  return { Plaintext: random.bytes(count) };
};
