/**
 * Deployment packages: a zip, given or fetched from a bucket, as the files that the function sees below /var/task.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-function-zip.html
 */
import { createHash } from "node:crypto";
import { unzipSync } from "fflate";
import { AwsError, type Caller, type RegionContext } from "../../core/types";
import { bufferOf } from "../../wire/scalars";
import { invalidParameter, unsupported } from "./errors";
import { REFUSED } from "./limits";

const LARGEST_ZIP_BYTES = 50 * 1024 * 1024;
const LARGEST_UNZIPPED_BYTES = 262_144_000;

export interface FunctionCode {
  /** Of the zip, in base64. */
  sha256: string;
  size: number;
  /** By path below /var/task, with forward slashes. */
  files: ReadonlyMap<string, Buffer>;
}

export interface CodeInput { ZipFile?: Uint8Array | string; S3Bucket?: string; S3Key?: string; S3ObjectVersion?: string; ImageUri?: string }

/** @throws AwsError InvalidParameterValueException */
export async function readCode(region: RegionContext, caller: Caller, input: CodeInput | undefined): Promise<FunctionCode> {
  if (input?.ImageUri !== undefined) throw unsupported(REFUSED.images);
  if (input?.ZipFile !== undefined) {
    const zip = bufferOf(input.ZipFile)!;
    if (zip.length > LARGEST_ZIP_BYTES) throw new AwsError("RequestEntityTooLargeException", `Request must be smaller than ${LARGEST_ZIP_BYTES} bytes for the CreateFunction operation`, 413);
    return unzip(zip);
  }
  if (input?.S3Bucket === undefined || input.S3Key === undefined) throw invalidParameter("Please provide a source for function code.");
  try {
    const { Body } = await region.call<{ Body: { transformToByteArray(): Promise<Uint8Array> } }>(caller, "s3", "GetObject", { Bucket: input.S3Bucket, Key: input.S3Key, VersionId: input.S3ObjectVersion });
    return unzip(Buffer.from(await Body.transformToByteArray()));
  } catch (error) {
    if (!(error instanceof AwsError) || error.code === "InvalidParameterValueException") throw error;
    throw invalidParameter(`Error occurred while GetObject. S3 Error Code: ${error.code}. S3 Error Message: ${error.message}`);
  }
}

function unzip(zip: Buffer): FunctionCode {
  let entries: Record<string, Uint8Array>;
  try {
    entries = unzipSync(zip);
  } catch {
    throw invalidParameter("Could not unzip uploaded file. Please check your file, then try to upload again.");
  }
  const files = new Map<string, Buffer>();
  let bytes = 0;
  for (const [path, data] of Object.entries(entries)) {
    if (path.endsWith("/")) continue;
    bytes += data.length;
    files.set(path.replace(/\\/g, "/").replace(/^\.?\//, ""), Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  }
  if (files.size === 0) throw invalidParameter("Uploaded file must be a non-empty zip");
  if (bytes > LARGEST_UNZIPPED_BYTES) throw invalidParameter(`Unzipped size must be smaller than ${LARGEST_UNZIPPED_BYTES} bytes`);
  return { sha256: createHash("sha256").update(zip).digest("base64"), size: zip.length, files };
}
