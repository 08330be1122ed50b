/** https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/fis_experiment_template */
import type { Arguments } from "../arguments";
import type { ResourceType } from "../resource";

/** Blocks `{key, value}` as a map. */
const pairs = (args: Arguments, name: string): Record<string, string> => Object.fromEntries(args.blocks(name).map((pair) => [pair.text("key"), pair.text("value")]));

function action(args: Arguments): [string, object] {
  const target = args.optionalBlock("target");
  const after = args.texts("start_after");
  const parameters = pairs(args, "parameter");
  return [args.text("name"), {
    actionId: args.text("action_id"),
    description: args.optionalText("description"),
    ...(Object.keys(parameters).length > 0 ? { parameters } : {}),
    ...(target ? { targets: { [target.text("key")]: target.text("value") } } : {}),
    ...(after.length > 0 ? { startAfter: after } : {}),
  }];
}

function target(args: Arguments): [string, object] {
  const arns = args.texts("resource_arns");
  const tags = pairs(args, "resource_tag");
  const filters = args.blocks("filter").map((filter) => ({ path: filter.text("path"), values: filter.texts("values") }));
  const parameters = args.optionalMap("parameters");
  return [args.text("name"), {
    resourceType: args.text("resource_type"),
    selectionMode: args.text("selection_mode"),
    ...(arns.length > 0 ? { resourceArns: arns } : {}),
    ...(Object.keys(tags).length > 0 ? { resourceTags: tags } : {}),
    ...(filters.length > 0 ? { filters } : {}),
    ...(parameters ? { parameters } : {}),
  }];
}

export const awsFisExperimentTemplate: ResourceType = (args) => {
  const options = args.optionalBlock("experiment_options");
  const log = args.optionalBlock("log_configuration");
  const cloudwatch = log?.optionalBlock("cloudwatch_logs_configuration");
  const s3 = log?.optionalBlock("s3_configuration");
  const input = {
    description: args.text("description"),
    roleArn: args.text("role_arn"),
    actions: Object.fromEntries(args.blocks("action").map(action)),
    targets: Object.fromEntries(args.blocks("target").map(target)),
    stopConditions: args.blocks("stop_condition").map((condition) => ({ source: condition.text("source"), value: condition.optionalText("value") })),
    ...(options ? { experimentOptions: { accountTargeting: options.optionalText("account_targeting"), emptyTargetResolutionMode: options.optionalText("empty_target_resolution_mode") } } : {}),
    ...(log ? {
      logConfiguration: {
        logSchemaVersion: log.number("log_schema_version"),
        ...(cloudwatch ? { cloudWatchLogsConfiguration: { logGroupArn: cloudwatch.text("log_group_arn") } } : {}),
        ...(s3 ? { s3Configuration: { bucketName: s3.text("bucket_name"), prefix: s3.optionalText("prefix") } } : {}),
      },
    } : {}),
    tags: args.tags(),
  };
  return async ({ call, region }) => {
    // Terraform gives each template a token of its own; the address tells them apart here.
    const { experimentTemplate } = await call<{ experimentTemplate: { id: string } }>("fis", "CreateExperimentTemplate", { clientToken: region.random.uuid(), ...input });
    return { id: experimentTemplate.id };
  };
};
