/**
 * Checksums of objects: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
 */
import { createHash } from "node:crypto";
import { crc32, type Running } from "../../core/crc32";
import { s3Error, unsupported } from "./errors";
import { REFUSED } from "./limits";
import { digestOnce } from "./zeros";

export type Algorithm = "CRC32" | "CRC32C" | "CRC64NVME" | "SHA1" | "SHA256";
export type ChecksumType = "FULL_OBJECT" | "COMPOSITE";

const BY_ALGORITHM: Record<Algorithm, () => Running> = {
  CRC32: () => crc32(),
  CRC32C: () => crc32(0x82f63b78),
  CRC64NVME: crc64nvme,
  SHA1: () => hash("sha1"),
  SHA256: () => hash("sha256"),
};

export const ALGORITHMS = Object.keys(BY_ALGORITHM) as Algorithm[];
/** The algorithm's header: `x-amz-checksum-crc32`. */
export const checksumHeader = (algorithm: Algorithm): string => `x-amz-checksum-${algorithm.toLowerCase()}`;
/** The algorithm's element: `ChecksumCRC32`. */
export const checksumElement = (algorithm: Algorithm): string => `Checksum${algorithm}`;

/** @throws AwsError InvalidRequest */
export function parseAlgorithm(text: string): Algorithm {
  const algorithm = ALGORITHMS.find((one) => one === text.toUpperCase());
  if (!algorithm) throw s3Error("InvalidRequest", {}, "Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]");
  return algorithm;
}

/** The MD5 of what was put, of which ETags are made. */
export const md5Of = (data: Buffer): Buffer => digestOnce("MD5", data, () => createHash("md5").update(data).digest());

/** The checksum of some data, one piece after the other, as bytes. */
export function digest(algorithm: Algorithm, pieces: Iterable<Buffer>): Buffer {
  const running = BY_ALGORITHM[algorithm]();
  for (const piece of pieces) running.update(piece);
  return running.digest();
}

const digestOf = (algorithm: Algorithm, data: Buffer): Buffer => digestOnce(algorithm, data, () => digest(algorithm, [data]));

export const checksumOf = (algorithm: Algorithm, data: Buffer): string => digestOf(algorithm, data).toString("base64");

export interface Checksum { algorithm: Algorithm; value: string; type: ChecksumType }

/**
 * The checksum that a request gives for its body, verified.
 * @param headers the request's, with what came in a trailer put among them
 * @throws AwsError BadDigest, InvalidDigest, InvalidRequest
 */
export function verifyBody(headers: Record<string, string>, body: Buffer): Checksum | undefined {
  const md5 = headers["content-md5"];
  if (md5 !== undefined) {
    if (Buffer.from(md5, "base64").length !== 16) throw s3Error("InvalidDigest", { "Content-MD5": md5 });
    const calculated = createHash("md5").update(body).digest("base64");
    if (calculated !== md5) throw s3Error("BadDigest", { CalculatedDigest: calculated, ExpectedDigest: md5 }, "The Content-MD5 you specified did not match what we received.");
  }
  const given = ALGORITHMS.filter((algorithm) => headers[checksumHeader(algorithm)] !== undefined);
  if (given.length > 1) throw s3Error("InvalidRequest", {}, "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
  const [algorithm] = given;
  if (!algorithm) {
    const named = headers["x-amz-sdk-checksum-algorithm"];
    return named === undefined ? undefined : { algorithm: parseAlgorithm(named), value: checksumOf(parseAlgorithm(named), body), type: "FULL_OBJECT" };
  }
  const expected = headers[checksumHeader(algorithm)]!;
  const calculated = digestOf(algorithm, body);
  if (Buffer.from(expected, "base64").length !== calculated.length) throw s3Error("InvalidRequest", {}, `Value for ${checksumHeader(algorithm)} header is invalid.`);
  const value = calculated.toString("base64");
  if (value !== expected) throw s3Error("BadDigest", {}, `The ${algorithm} you specified did not match the calculated checksum.`);
  return { algorithm, value, type: "FULL_OBJECT" };
}

/** The type that a multipart upload's checksum has unless it asks for another. @throws AwsError InvalidRequest */
export function checksumTypeOf(algorithm: Algorithm, asked: string | undefined): ChecksumType {
  const type = asked ?? (algorithm === "CRC64NVME" ? "FULL_OBJECT" : "COMPOSITE");
  if (type !== "FULL_OBJECT" && type !== "COMPOSITE") throw s3Error("InvalidRequest", {}, "Value for x-amz-checksum-type header is invalid.");
  const impossible = type === "FULL_OBJECT" ? algorithm.startsWith("SHA") : algorithm === "CRC64NVME";
  if (impossible) throw s3Error("InvalidRequest", {}, `The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`);
  return type;
}

export function refuseCustomerKeys(headers: Record<string, string>): void {
  if (headers["x-amz-server-side-encryption-customer-algorithm"] !== undefined) throw unsupported(REFUSED.customerKeys);
}

function hash(name: string): Running {
  const running = createHash(name);
  return { update: (data) => void running.update(data), digest: () => running.digest() };
}

let table64: { high: Uint32Array; low: Uint32Array } | undefined;

/** CRC-64/NVME, reflected, in halves of 32 bits: https://reveng.sourceforge.io/crc-catalogue/all.htm */
function crc64nvme(): Running {
  if (!table64) {
    table64 = { high: new Uint32Array(256), low: new Uint32Array(256) };
    const polynomial = 0x9a6c9329ac4bc9b5n;
    for (let byte = 0n; byte < 256n; byte++) {
      let value = byte;
      for (let bit = 0; bit < 8; bit++) value = value & 1n ? (value >> 1n) ^ polynomial : value >> 1n;
      table64.high[Number(byte)] = Number(value >> 32n);
      table64.low[Number(byte)] = Number(value & 0xffffffffn);
    }
  }
  const { high: highTable, low: lowTable } = table64;
  let high = 0xffffffff;
  let low = 0xffffffff;
  return {
    update(data) {
      let [h, l] = [high, low];
      for (let index = 0; index < data.length; index++) {
        const at = (l ^ data[index]!) & 0xff;
        l = ((l >>> 8) | (h << 24)) ^ lowTable[at]!;
        h = (h >>> 8) ^ highTable[at]!;
      }
      [high, low] = [h, l];
    },
    digest() {
      const bytes = Buffer.alloc(8);
      bytes.writeUInt32BE((high ^ 0xffffffff) >>> 0, 0);
      bytes.writeUInt32BE((low ^ 0xffffffff) >>> 0, 4);
      return bytes;
    },
  };
}
