/** Creates a parameter or a further version of it. https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html */
import { AwsError, type Operation } from "../../../core/types";
import { REFUSED } from "../limits";
import { PARAMETER_TYPES, type NewVersion, type ParameterType, type SsmState } from "../state";

interface Input {
  Name?: string; Value?: string; Type?: string; Overwrite?: boolean; Description?: string; DataType?: string; Tier?: string; KeyId?: string; AllowedPattern?: string;
  Tags?: { Key: string; Value: string }[]; Policies?: string;
}

/** What a value may be long, in bytes. https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html */
const MOST_BYTES = { Standard: 4096, Advanced: 8192 } as const;
const MOST_LEVELS = 15;
/** The only key there is: AWS's own for Parameter Store. */
const MANAGED_KEY = "alias/aws/ssm";

const invalid = (message: string): AwsError => new AwsError("ValidationException", message);

export const putParameter = (state: SsmState): Operation<Input> => (input, { caller, region }) => {
  const { Value: value, Overwrite: overwrite = false, Tags: tags = [] } = input;
  const name = (input.Name ?? "").trim();
  checkName(name);
  if (value === undefined || value === "") throw invalid("1 validation error detected: Value null at 'value' failed to satisfy constraint: Member must not be null");
  if (input.Policies !== undefined && !["", "[]"].includes(input.Policies.trim())) throw invalid(`The embedded region does not support ${REFUSED.policies}.`);
  const previous = state.parameters.get(name)?.at(-1);
  if (previous && !overwrite) throw new AwsError("ParameterAlreadyExists", "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.");
  if (overwrite && tags.length > 0) throw invalid("Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.");

  const type = typeOf(input.Type, previous?.type);
  const allowedPattern = input.AllowedPattern ?? previous?.allowedPattern;
  if (allowedPattern !== undefined && !patternOf(allowedPattern).test(value)) {
    throw new AwsError("ParameterPatternMismatchException", `Parameter value, cannot be validated against allowedPattern: ${allowedPattern}`);
  }
  const dataType = input.DataType ?? previous?.dataType ?? "text";
  if (!["text", "aws:ec2:image"].includes(dataType)) throw invalid(`The embedded region does not support ${REFUSED.dataTypes} (${dataType}).`);
  if (dataType === "aws:ec2:image" && !/^ami-[0-9a-f]{8}([0-9a-f]{9})?$/.test(value)) throw invalid(`The parameter value ${value} is not a valid AMI ID, as the data type aws:ec2:image wants.`);
  const description = input.Description ?? previous?.description;
  const keyId = keyOf(input.KeyId, type, `arn:${region.partition}:kms:${region.regionName}:${region.accountId}:`);
  const version: NewVersion = {
    name, value, type, dataType, tier: tierOf(input.Tier, value, previous?.tier), lastModifiedBy: caller.arn,
    ...(description === undefined ? {} : { description }), ...(allowedPattern === undefined ? {} : { allowedPattern }), ...(keyId === undefined ? {} : { keyId }),
  };
  const put = state.put(version);
  if (tags.length > 0) state.tags.set(name, new Map(tags.map(({ Key, Value }) => [Key, Value])));
  return { Version: put.version, Tier: put.tier };
};

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-parameter-name-constraints.html */
function checkName(name: string): void {
  if (!/^[a-zA-Z0-9_.\-/]{1,1011}$/.test(name)) throw invalid(`Invalid characters or length in the parameter name '${name}'. Valid characters are a-zA-Z0-9_.-/`);
  if (/^\/?(aws|ssm)/i.test(name)) throw invalid(`Parameter name: can't be prefixed with "aws" or "ssm" (case-insensitive): ${name}`);
  if (name.includes("/") && !name.startsWith("/")) throw invalid(`Parameter name must be a fully qualified name: ${name} has a hierarchy, so it must begin with a forward slash (/).`);
  if (name.split("/").length - 1 > MOST_LEVELS) throw new AwsError("HierarchyLevelLimitExceededException", `A hierarchy can have a maximum of ${MOST_LEVELS} levels. For more information, see Requirements and constraints for parameter names in the Systems Manager User Guide.`);
}

function typeOf(asked: string | undefined, previous: ParameterType | undefined): ParameterType {
  const type = asked ?? previous;
  if (type === undefined) throw invalid("A parameter type is required when you create a parameter.");
  const known = PARAMETER_TYPES.find((each) => each === type);
  if (!known) throw new AwsError("UnsupportedParameterType", `The parameter type ${type} is not supported. The types are ${PARAMETER_TYPES.join(", ")}.`);
  return known;
}

function keyOf(asked: string | undefined, type: ParameterType, arnPrefix: string): string | undefined {
  if (type !== "SecureString") {
    if (asked !== undefined) throw invalid("KeyId is not required for non-SecureString type parameter.");
    return undefined;
  }
  const key = asked?.startsWith(arnPrefix) ? asked.slice(arnPrefix.length) : (asked ?? MANAGED_KEY);
  if (key !== MANAGED_KEY) throw new AwsError("InvalidKeyId", `The embedded region does not support ${REFUSED.keys}: there is no key ${key}.`);
  return key;
}

function tierOf(asked: string | undefined, value: string, previous: "Standard" | "Advanced" | undefined): "Standard" | "Advanced" {
  if (asked !== undefined && !["Standard", "Advanced", "Intelligent-Tiering"].includes(asked)) throw invalid(`1 validation error detected: Value '${asked}' at 'tier' failed to satisfy constraint: Member must satisfy enum value set: [Standard, Advanced, Intelligent-Tiering]`);
  const bytes = Buffer.byteLength(value);
  if (asked === "Standard" && previous === "Advanced") throw invalid("This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter tier to the standard-parameter tier.");
  const tier = asked === "Advanced" || previous === "Advanced" || (asked === "Intelligent-Tiering" && bytes > MOST_BYTES.Standard) ? "Advanced" : "Standard";
  if (bytes > MOST_BYTES[tier]) {
    throw invalid(tier === "Standard"
      ? `${tier} tier parameters support a maximum parameter value of ${MOST_BYTES[tier]} characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier. For more information, see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html`
      : `${tier} tier parameters support a maximum parameter value of ${MOST_BYTES[tier]} characters.`);
  }
  return tier;
}

function patternOf(pattern: string): RegExp {
  try {
    return new RegExp(`^(?:${pattern})$`, "s");
  } catch {
    throw new AwsError("InvalidAllowedPatternException", `The request does not meet the regular expression requirement: ${pattern} is not valid.`);
  }
}
