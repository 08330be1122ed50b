/**
 * What instances run, in a bucket of its own with versions: the agent is one object, and each deployment that changes it puts
 * a new version. A launch template's version names the one of its time, and an execution keeps the template version that it
 * was started with, so a deployment while jobs run changes nothing for them. An object a version under keys of their own would not
 * do: Terraform removes what is no longer declared, and with it the next launch of every running job.
 */
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { S3Object } from "@cdktf/provider-aws/lib/s3-object";
import { AssetType, TerraformAsset } from "cdktf";
import type { AgentArchive } from "../agent-archive";
import { AGENT_KEY } from "../names";
import type { StackContext } from "./context";
import { privateBucket } from "./private-bucket";

/** An execution may take a year: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html; one day more, and its launches have had theirs. */
const SUPERSEDED_DAYS = 366;

export function agent(context: StackContext, archive: AgentArchive): S3Object {
  const { scope, buckets } = context;
  // Nothing in it is anyone's work: whoever destroys the stack can make it again.
  const bucket = privateBucket(context, { id: "agent", name: buckets.agent, forceDestroy: true });
  const versioning = new S3BucketVersioningA(scope, "agent_versioning", { bucket: bucket.id, versioningConfiguration: { status: "Enabled" } });
  new S3BucketLifecycleConfiguration(scope, "agent_lifecycle", {
    bucket: bucket.id,
    rule: [{ id: "superseded", status: "Enabled", filter: [{ prefix: "" }], noncurrentVersionExpiration: [{ noncurrentDays: SUPERSEDED_DAYS }] }],
    dependsOn: [versioning],
  });
  const asset = new TerraformAsset(scope, "agent_code", { path: archive.path, type: AssetType.FILE });
  return new S3Object(scope, "agent_archive", {
    bucket: bucket.id,
    key: AGENT_KEY,
    source: asset.path,
    // What tells Terraform that it has changed; an ETag would not, where KMS encrypts.
    sourceHash: archive.sha256,
    contentType: "application/zip",
    dependsOn: [versioning],
  });
}
