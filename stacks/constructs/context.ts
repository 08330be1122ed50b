/** What every construct of a stack is given: where it is, what it is called, and the provider that makes it. */
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { S3Object } from "@cdktf/provider-aws/lib/s3-object";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { Aspects, LocalBackend, S3Backend, TerraformResource, type IAspect, type TerraformStack } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import type { Config } from "../knobs";
import type { Reasons } from "../policy";
import { arnsOf, bucketNames, namesOf, type Arns, type Buckets, type Names, type Place } from "../names";

export interface StackContext {
  scope: Construct;
  config: Config;
  names: Names;
  place: Place;
  arns: Arns;
  buckets: Buckets;
  /** Why permissions stay that no scenario uses; the policies add to it. */
  reasons: Reasons;
}

/** Puts provider, account and partition into a stack, tags all its resources, and says where its state is kept. */
export function prepareStack(stack: TerraformStack, config: Config): StackContext {
  new AwsProvider(stack, "aws", { region: config.region });
  const place: Place = {
    partition: new DataAwsPartition(stack, "partition").partition,
    region: config.region,
    accountId: new DataAwsCallerIdentity(stack, "account").accountId,
  };
  const names = namesOf(config);
  keepState(stack, config);
  Aspects.of(stack).add(new Tags({ ...config.tags, "spotproof:name": config.name }));
  return { scope: stack, config, names, place, arns: arnsOf(names, place), buckets: bucketNames(config, place), reasons: {} };
}

/**
 * Where Terraform keeps a stack's state: in the bucket of the knob, or in a file beside `cdktf.out`, whose path is written
 * relative to the stack's folder, so that the output is the same wherever the repository lies.
 */
function keepState(stack: TerraformStack, config: Config): void {
  const { id } = stack.node;
  if (config.stateBucket === undefined) {
    new LocalBackend(stack, { path: `../../../terraform.${id}.tfstate` });
  } else {
    const backend = new S3Backend(stack, { bucket: config.stateBucket, key: `${config.name}/${id}.tfstate`, region: config.region, encrypt: true });
    // S3's own lock, without a table; CDKTF does not know the option yet (https://developer.hashicorp.com/terraform/language/backend/s3).
    backend.addOverride("use_lockfile", true);
  }
}

/** Tags every resource that can be tagged, but for S3 objects, which take ten tags where all else takes fifty: their bucket has them. */
class Tags implements IAspect {
  constructor(private readonly tags: Record<string, string>) {}

  visit(node: IConstruct): void {
    if (!TerraformResource.isTerraformResource(node) || !("tagsInput" in node) || node.terraformResourceType === S3Object.tfResourceType) return;
    const resource = node as unknown as { tags: Record<string, string>; tagsInput?: Record<string, string> };
    resource.tags = { ...this.tags, ...resource.tagsInput };
  }
}
