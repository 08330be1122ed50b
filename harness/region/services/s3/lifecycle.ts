/**
 * Lifecycle rules: what is due is removed when the bucket is next used. Rules run at midnight UTC: an object is due
 * from the first midnight after its days are over.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
 */
import { parseXml } from "../../wire/xml";
import { Body } from "./bodies";
import { s3Error, unsupported } from "./errors";
import { REFUSED } from "./limits";
import type { StoredVersion, Versions } from "./versions";

const DAY = 86_400_000;

interface Rule {
  id?: string;
  prefix: string;
  tags: [string, string][];
  smallest: number;
  largest: number;
  expirationDays?: number;
  expirationDate?: Date;
  expiresDeleteMarkers: boolean;
  noncurrentDays?: number;
  noncurrentKept: number;
  abortDays?: number;
}

type Xml = Record<string, unknown>;
const child = (value: unknown, name: string): Xml | undefined => {
  const found = (value as Xml | undefined)?.[name];
  return typeof found === "object" && found !== null ? (found as Xml) : undefined;
};
const number = (value: unknown): number | undefined => (value === undefined ? undefined : Number(value));

/** @throws AwsError MalformedXML, InvalidArgument, NotImplemented */
function parseLifecycle(text: string): Rule[] {
  const root = parseXml(text, ["Rule", "Tag", "Transition", "NoncurrentVersionTransition"])["LifecycleConfiguration"] as { Rule?: Xml[] } | undefined;
  if (!root?.Rule?.length) throw s3Error("MalformedXML");
  return root.Rule.filter((rule) => {
    if (rule["Status"] !== "Enabled" && rule["Status"] !== "Disabled") throw s3Error("MalformedXML");
    if (rule["Transition"] || rule["NoncurrentVersionTransition"]) throw unsupported(REFUSED.transitions);
    return rule["Status"] === "Enabled";
  }).map((rule) => {
    const filter = child(rule, "Filter");
    const and = child(filter, "And") ?? filter ?? {};
    const expiration = child(rule, "Expiration");
    const noncurrent = child(rule, "NoncurrentVersionExpiration");
    const days = number(expiration?.["Days"]);
    if (days !== undefined && !(days >= 1)) throw s3Error("InvalidArgument", {}, "'Days' for Expiration action must be a positive integer");
    return {
      id: rule["ID"] === undefined ? undefined : String(rule["ID"]),
      prefix: String(and["Prefix"] ?? rule["Prefix"] ?? ""),
      tags: ((and["Tag"] as { Key: string; Value: string }[] | undefined) ?? []).map(({ Key, Value }): [string, string] => [Key, Value]),
      smallest: number(and["ObjectSizeGreaterThan"]) ?? -1,
      largest: number(and["ObjectSizeLessThan"]) ?? Infinity,
      expirationDays: days,
      expirationDate: expiration?.["Date"] === undefined ? undefined : new Date(String(expiration["Date"])),
      expiresDeleteMarkers: expiration?.["ExpiredObjectDeleteMarker"] === "true",
      noncurrentDays: number(noncurrent?.["NoncurrentDays"]),
      noncurrentKept: number(noncurrent?.["NewerNoncurrentVersions"]) ?? 0,
      abortDays: number(child(rule, "AbortIncompleteMultipartUpload")?.["DaysAfterInitiation"]),
    };
  });
}

/** The first midnight at or after that many days. */
const dueAt = (from: Date, days: number): number => Math.ceil((from.getTime() + days * DAY) / DAY) * DAY;

export class Lifecycle {
  #rules: Rule[] = [];
  #nextRun = Infinity;

  constructor(readonly bucket: Versions) {}

  /** @throws AwsError when the configuration is not valid */
  set(text: string | undefined, now: Date): void {
    this.#rules = text === undefined ? [] : parseLifecycle(text);
    this.#nextRun = this.#rules.length === 0 ? Infinity : Math.floor(now.getTime() / DAY) * DAY + DAY;
  }

  /** When and by which rule an object expires: for the x-amz-expiration header. */
  expiration(version: StoredVersion): { date: Date; ruleId: string } | undefined {
    let first: { date: Date; ruleId: string } | undefined;
    for (const rule of this.#rules) {
      if (!fits(rule, version)) continue;
      const time = rule.expirationDate?.getTime() ?? (rule.expirationDays === undefined ? undefined : dueAt(version.lastModified, rule.expirationDays));
      if (time !== undefined && (!first || time < first.date.getTime())) first = { date: new Date(time), ruleId: rule.id ?? "" };
    }
    return first;
  }

  /** Does what has become due at the midnights that have passed since it was last asked. */
  apply(now: Date): void {
    if (now.getTime() < this.#nextRun) return;
    const midnight = Math.floor(now.getTime() / DAY) * DAY;
    this.#nextRun = midnight + DAY;
    for (const key of [...this.bucket.keys()]) {
      this.#expireCurrent(key, midnight);
      for (const rule of this.#rules) this.#expireNoncurrent(rule, key, midnight);
    }
    for (const rule of this.#rules) {
      if (rule.abortDays === undefined) continue;
      for (const upload of [...this.bucket.uploads.values()]) {
        if (!upload.key.startsWith(rule.prefix) || dueAt(upload.initiated, rule.abortDays) > midnight) continue;
        for (const part of upload.parts.values()) part.body.release();
        this.bucket.uploads.delete(upload.id);
      }
    }
  }

  #expireCurrent(key: string, midnight: number): void {
    const current = this.bucket.current(key);
    const expiration = current && this.expiration(current);
    if (current && expiration && expiration.date.getTime() <= midnight) {
      if (this.bucket.versioning === undefined) this.bucket.remove(key, current.versionId);
      else this.bucket.put(deleteMarker(current, this.bucket.newVersionId(), expiration.date));
    }
    const versions = this.bucket.versionsOf(key);
    if (versions.length === 1 && versions[0]!.isDeleteMarker && this.#rules.some((rule) => rule.expiresDeleteMarkers && key.startsWith(rule.prefix))) {
      this.bucket.remove(key, versions[0]!.versionId);
    }
  }

  #expireNoncurrent(rule: Rule, key: string, midnight: number): void {
    if (rule.noncurrentDays === undefined) return;
    const versions = this.bucket.versionsOf(key);
    const due = versions.filter((version, index) => index > rule.noncurrentKept && fits(rule, version) && dueAt(versions[index - 1]!.lastModified, rule.noncurrentDays!) <= midnight);
    for (const version of due) this.bucket.remove(key, version.versionId);
  }
}

const fits = (rule: Rule, version: StoredVersion): boolean => version.key.startsWith(rule.prefix)
  && version.body.size > rule.smallest && version.body.size < rule.largest
  && rule.tags.every(([key, value]) => version.tags.get(key) === value);

/** The marker that stands for a deleted object. */
export function deleteMarker(version: Pick<StoredVersion, "key">, versionId: string, time: Date): StoredVersion {
  return {
    key: version.key, versionId, etag: "", lastModified: time, body: EMPTY, isDeleteMarker: true,
    headers: {}, metadata: {}, storageClass: "STANDARD", tags: new Map(), encryption: { algorithm: "AES256" },
  };
}

const EMPTY = new Body([]);
