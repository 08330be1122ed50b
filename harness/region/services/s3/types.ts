/** What S3's operations get and give: S3 decodes its own wire, so both are close to HTTP. */
import type { CallContext, StreamedBody } from "../../core/types";

export interface S3Input {
  Bucket?: string;
  Key?: string;
  VersionId?: string;
  query: URLSearchParams;
  /** In lower case, a trailer's among them. */
  headers: Record<string, string>;
  /** Decoded, when it came in chunks. */
  body: Buffer;
}

export interface S3Output {
  /** 200 unless given. */
  status?: number;
  /** Those without a value are left out. */
  headers?: Record<string, string | undefined>;
  body?: Buffer | string;
  stream?: StreamedBody;
  /** Instead of a body: an XML document, lists as repeated elements. */
  xml?: { root: string; value: unknown };
}

export type S3Operation = (input: S3Input, context: CallContext) => S3Output | Promise<S3Output>;
