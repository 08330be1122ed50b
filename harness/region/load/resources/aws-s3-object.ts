/** https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/s3_object */
import { createHash } from "node:crypto";
import type { ResourceType } from "../resource";

export const awsS3Object: ResourceType = (args) => {
  const bucket = args.text("bucket");
  const key = args.text("key");
  const source = args.optionalText("source");
  const content = args.optionalText("content");
  const contentBase64 = args.optionalText("content_base64");
  if ([source, content, contentBase64].filter((each) => each !== undefined).length > 1) throw args.problem("only one of source, content and content_base64 can be given");
  const etag = args.optionalText("etag");
  const tags = Object.entries(args.tags()).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&");
  const input = {
    Bucket: bucket, Key: key,
    ContentType: args.optionalText("content_type") ?? "application/octet-stream",
    CacheControl: args.optionalText("cache_control"), ContentDisposition: args.optionalText("content_disposition"),
    ContentEncoding: args.optionalText("content_encoding"), ContentLanguage: args.optionalText("content_language"),
    Metadata: args.optionalMap("metadata"), StorageClass: args.optionalText("storage_class"), ACL: args.optionalText("acl"),
    ServerSideEncryption: args.optionalText("server_side_encryption"), SSEKMSKeyId: args.optionalText("kms_key_id"), BucketKeyEnabled: args.optionalFlag("bucket_key_enabled"),
    ...(tags === "" ? {} : { Tagging: tags }),
  };
  args.noEffect("it says when an object is put again", "source_hash");
  args.noEffect("it says how an object is destroyed", "force_destroy");
  return async ({ call, readFile, region }) => {
    const body = source !== undefined ? readFile(source) : contentBase64 !== undefined ? Buffer.from(contentBase64, "base64") : Buffer.from(content ?? "", "utf8");
    const md5 = createHash("md5").update(body).digest("hex");
    if (etag !== undefined && etag !== md5) throw args.problem(`the argument etag is ${etag}, and the object's is ${md5}: each apply would put it again`);
    const { ETag, VersionId } = await call<{ ETag: string; VersionId?: string }>("s3", "PutObject", { ...input, Body: body });
    return { id: key, key, bucket, arn: `arn:${region.partition}:s3:::${bucket}/${key}`, etag: ETag.replaceAll('"', ""), version_id: VersionId ?? "", content_type: input.ContentType };
  };
};
