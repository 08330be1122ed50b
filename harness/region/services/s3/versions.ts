/**
 * What is in a bucket: the versions of its objects, and uploads under way.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/versioning-workflows.html
 */
import type { Random } from "../../../time/clock";
import type { Body } from "./bodies";
import type { Algorithm, Checksum, ChecksumType } from "./integrity";

/** How an object is described, beside its bytes. */
export interface Description {
  /** content-type, cache-control and the like, as they go out. */
  headers: Record<string, string>;
  /** Without the `x-amz-meta-` prefix. */
  metadata: Record<string, string>;
  storageClass: string;
  tags: Map<string, string>;
  encryption: { algorithm: string; keyId?: string };
}

export interface StoredVersion extends Description {
  key: string;
  /** `null` while versioning is not enabled. */
  versionId: string;
  /** With its quotes. */
  etag: string;
  lastModified: Date;
  body: Body;
  checksum?: Checksum;
  /** Sizes of the parts that it was uploaded in. */
  partSizes?: number[];
  isDeleteMarker: boolean;
}

export interface UploadedPart { number: number; etag: string; md5: Buffer; body: Body; lastModified: Date; checksum?: Checksum }

export interface Upload extends Description {
  id: string;
  key: string;
  initiated: Date;
  algorithm?: Algorithm;
  checksumType?: ChecksumType;
  parts: Map<number, UploadedPart>;
}

export type Versioning = "Enabled" | "Suspended" | undefined;

export class Versions {
  readonly uploads = new Map<string, Upload>();
  versioning: Versioning;
  /** Newest first. */
  readonly #versions = new Map<string, StoredVersion[]>();
  #sortedKeys: string[] | undefined;

  constructor(readonly random: Random) {}

  get isEmpty(): boolean {
    return this.#versions.size === 0;
  }

  versionsOf(key: string): readonly StoredVersion[] {
    return this.#versions.get(key) ?? [];
  }

  /** The current object of that key; undefined when there is none or it is deleted. */
  current(key: string): StoredVersion | undefined {
    const newest = this.#versions.get(key)?.[0];
    return newest?.isDeleteMarker ? undefined : newest;
  }

  /** Keys that have any version, in the order of their UTF-8 bytes. */
  keys(): readonly string[] {
    this.#sortedKeys ??= [...this.#versions.keys()].sort(compareKeys);
    return this.#sortedKeys;
  }

  /** A version id for what is put now. */
  newVersionId(): string {
    return this.versioning === "Enabled" ? this.random.bytes(24).toString("base64url") : "null";
  }

  /** Makes a version the current one; without versioning it takes the place of what was there. */
  put(version: StoredVersion): void {
    const before = this.#versions.get(version.key) ?? [];
    if (before.length === 0) this.#sortedKeys = undefined;
    for (const other of before) if (other.versionId === version.versionId) other.body.release();
    this.#versions.set(version.key, [version, ...before.filter((other) => other.versionId !== version.versionId)]);
  }

  /** Removes one version for good; nothing happens when there is none. */
  remove(key: string, versionId: string): StoredVersion | undefined {
    const versions = this.#versions.get(key) ?? [];
    const found = versions.find((version) => version.versionId === versionId);
    if (!found) return undefined;
    found.body.release();
    const rest = versions.filter((version) => version !== found);
    if (rest.length > 0) this.#versions.set(key, rest);
    else {
      this.#versions.delete(key);
      this.#sortedKeys = undefined;
    }
    return found;
  }
}

/** By UTF-8 bytes; UTF-16 gives the same order unless surrogates are involved. */
export function compareKeys(a: string, b: string): number {
  if (a === b) return 0;
  // eslint-disable-next-line no-control-regex
  if (/^[\u0000-\ud7ff]*$/.test(a) && /^[\u0000-\ud7ff]*$/.test(b)) return a < b ? -1 : 1;
  return Buffer.compare(Buffer.from(a, "utf8"), Buffer.from(b, "utf8"));
}
