/**
 * Records into an object of a bucket, delivered when the experiment is over.
 * https://docs.aws.amazon.com/fis/latest/userguide/monitoring-logging.html#experiment-log-destinations,
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-S3.html
 */
import { toDate } from "../../../../time/clock";
import { AwsError, type RegionContext } from "../../../core/types";
import type { S3Service } from "../../s3";
import { deliver, onlyFrom, PRINCIPAL, sourceArn, type Destination } from "./delivery";

export function s3(region: RegionContext, experimentId: string, { bucketName, prefix }: { bucketName: string; prefix?: string }, hash: string): Destination {
  const { accountId, regionName, partition } = region;
  const records: string[] = [];
  const root = `${prefix === undefined ? "" : `${prefix.replace(/\/$/, "")}/`}AWSLogs/${accountId}`;
  const bucketArn = `arn:${partition}:s3:::${bucketName}`;

  const mayWrite = async (): Promise<void> => {
    // Also finds out that there is no such bucket.
    await region.call(region.admin, "s3", "GetBucketAcl", { Bucket: bucketName });
    const resource = `${bucketArn}/${root}/fis/${regionName}/${experimentId}`;
    const policy = region.service<S3Service>("s3").resourcePolicy(bucketArn);
    const request = { principal: PRINCIPAL, action: "s3:PutObject", resource, sourceArn: sourceArn(region), keys: { "s3:x-amz-acl": "bucket-owner-full-control" }, policies: policy === undefined ? [] : [policy] };
    if (!region.permitsService(request)) {
      throw new AwsError("AccessDenied", `The policy of the bucket ${bucketName} does not allow ${PRINCIPAL} to perform s3:PutObject on ${resource}.`, 403);
    }
  };
  return {
    write: (record, role) => {
      records.push(record);
      return records.length > 1 ? Promise.resolve() : deliver(role, mayWrite, async ({ caller }) => {
        await region.call(caller, "s3", "PutBucketPolicy", { Bucket: bucketName, Policy: JSON.stringify(policy(region, bucketArn, root)) });
      });
    },
    async close() {
      await mayWrite();
      const at = toDate(region.clock.now()).toISOString();
      const [year, month, day] = at.slice(0, 10).split("-");
      const name = `${accountId}_awsfislogs_${regionName}_${experimentId}_${year}${month}${day}${at.slice(11, 13)}${at.slice(14, 16)}Z_${hash}.log`;
      await region.call(region.admin, "s3", "PutObject", {
        Bucket: bucketName, Key: `${root}/fis/${regionName}/${experimentId}/${year}/${month}/${day}/${name}`, Body: `${records.join("\n")}\n`, ContentType: "text/plain",
      });
    },
  };
}

const policy = (region: RegionContext, bucketArn: string, root: string): object => ({
  Version: "2012-10-17", Id: "AWSLogDeliveryWrite20150319",
  Statement: [
    { Sid: "AWSLogDeliveryAclCheck", Effect: "Allow", Principal: { Service: PRINCIPAL }, Action: "s3:GetBucketAcl", Resource: bucketArn, Condition: onlyFrom(region) },
    {
      Sid: "AWSLogDeliveryWrite", Effect: "Allow", Principal: { Service: PRINCIPAL }, Action: "s3:PutObject", Resource: `${bucketArn}/${root}/*`,
      Condition: onlyFrom(region, { "s3:x-amz-acl": "bucket-owner-full-control" }),
    },
  ],
});
