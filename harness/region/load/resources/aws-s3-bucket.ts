/** https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/s3_bucket */
import type { ResourceType } from "../resource";

export const awsS3Bucket: ResourceType = (args) => {
  const bucket = args.text("bucket");
  const tags = args.tagList();
  args.noEffect("it says how a bucket is destroyed", "force_destroy");
  args.only("object_lock_enabled", false);
  return async ({ call, region }) => {
    const { regionName, partition } = region;
    // us-east-1 is what no constraint means: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
    await call("s3", "CreateBucket", { Bucket: bucket, ...(regionName === "us-east-1" ? {} : { CreateBucketConfiguration: { LocationConstraint: regionName } }) });
    if (tags) await call("s3", "PutBucketTagging", { Bucket: bucket, Tagging: { TagSet: tags } });
    return {
      id: bucket, bucket, arn: `arn:${partition}:s3:::${bucket}`, region: regionName,
      bucket_domain_name: `${bucket}.s3.amazonaws.com`, bucket_regional_domain_name: `${bucket}.s3.${regionName}.amazonaws.com`,
    };
  };
};
