/** The account's buckets. https://docs.aws.amazon.com/AmazonS3/latest/userguide/Welcome.html */
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Random } from "../../../time/clock";
import type { RegionContext } from "../../core/types";
import { Bodies } from "./bodies";
import { s3Error } from "./errors";
import { Lifecycle } from "./lifecycle";
import { Versions, type Upload } from "./versions";

export class Bucket extends Versions {
  /** Configurations as they were put, by their name in the query string. */
  readonly configurations = new Map<string, string>();
  readonly lifecycle = new Lifecycle(this);

  constructor(readonly name: string, readonly created: Date, random: Random) {
    super(random);
  }
}

export class S3Store {
  readonly buckets = new Map<string, Bucket>();
  readonly bodies: Bodies;
  readonly random: Random;

  constructor(readonly region: RegionContext) {
    this.bodies = new Bodies(join(region.folder, "s3"));
    this.random = region.random.fork("s3");
  }

  now(): Date {
    return new Date(this.region.clock.now() / 1000);
  }

  /** @throws AwsError NoSuchBucket */
  bucket(name: string | undefined): Bucket {
    const bucket = this.buckets.get(name ?? "");
    if (!bucket) throw s3Error("NoSuchBucket", { BucketName: name });
    bucket.lifecycle.apply(this.now());
    return bucket;
  }

  /** The upload of that id and key. @throws AwsError NoSuchUpload */
  upload(bucket: Bucket, key: string | undefined, id: string | null): Upload {
    const upload = bucket.uploads.get(id ?? "");
    if (!upload || upload.key !== key) throw s3Error("NoSuchUpload", { UploadId: id ?? "" });
    return upload;
  }

  /** The account's canonical user id: https://docs.aws.amazon.com/AmazonS3/latest/userguide/finding-canonical-user-id.html */
  owner(): { ID: string } {
    return { ID: createHash("sha256").update(this.region.accountId).digest("hex") };
  }
}
