/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html */
import { AwsError } from "../../../core/types";
import { parseXml } from "../../../wire/xml";
import { checkAcl } from "../description";
import { s3Error, unsupported } from "../errors";
import { REFUSED } from "../limits";
import { Bucket, type S3Store } from "../store";
import type { S3Operation } from "../types";

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const isBucketName = (name: string): boolean => /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes("..") && !/^\d+\.\d+\.\d+\.\d+$/.test(name)
  && !/^(xn--|sthree-|amzn-s3-demo-)/.test(name) && !/(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name);

/** What new buckets have: https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html */
const BLOCKED = '<?xml version="1.0" encoding="UTF-8"?>\n<PublicAccessBlockConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls><BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>';
const OWNED = '<?xml version="1.0" encoding="UTF-8"?>\n<OwnershipControls xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule></OwnershipControls>';

export const createBucket = (store: S3Store): S3Operation => ({ Bucket: name = "", headers, body }) => {
  if (!isBucketName(name)) throw s3Error("InvalidBucketName", { BucketName: name });
  checkAcl(headers);
  if (headers["x-amz-bucket-object-lock-enabled"]?.toLowerCase() === "true") throw unsupported(REFUSED.objectLock);
  const { regionName } = store.region;
  const constraint = body.length === 0 ? undefined : (parseXml(body.toString("utf8"))["CreateBucketConfiguration"] as { LocationConstraint?: string } | undefined)?.LocationConstraint;
  if (regionName !== "us-east-1" && constraint !== regionName) {
    throw s3Error("IllegalLocationConstraintException", {}, `The ${constraint ?? "unspecified"} location constraint is incompatible for the region specific endpoint this request was sent to.`);
  }
  if (regionName === "us-east-1" && constraint) {
    // There us-east-1 is told by leaving the constraint out.
    throw constraint === "us-east-1"
      ? new AwsError("InvalidLocationConstraint", "The specified location-constraint is not valid", 400, { LocationConstraint: constraint })
      : s3Error("IllegalLocationConstraintException", {}, `The ${constraint} location constraint is incompatible for the region specific endpoint this request was sent to.`);
  }
  // Everywhere but in us-east-1 a second creation by the owner is an error.
  if (store.buckets.has(name)) {
    if (regionName !== "us-east-1") throw s3Error("BucketAlreadyOwnedByYou", { BucketName: name });
  } else {
    const bucket = new Bucket(name, store.now(), store.random.fork(`bucket ${name}`));
    bucket.configurations.set("publicAccessBlock", BLOCKED);
    bucket.configurations.set("ownershipControls", OWNED);
    store.buckets.set(name, bucket);
  }
  return { headers: { location: `/${name}` } };
};
