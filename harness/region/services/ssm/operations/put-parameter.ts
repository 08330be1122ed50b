/** Creates a parameter or a further version of it. https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html */
import { AwsError, type Operation } from "../../../core/types";
import { notSupported } from "../../../core/unsupported";
import { REFUSED } from "../limits";
import type { SsmState } from "../state";

interface Input { Name?: string; Value?: string; Type?: string; Overwrite?: boolean; Description?: string; DataType?: string; Tier?: string; [member: string]: unknown }

const UNSUPPORTED = ["KeyId", "Policies", "AllowedPattern"];

export const putParameter = (state: SsmState): Operation<Input> => (input) => {
  const { Name: name = "", Value: value, Overwrite: overwrite = false } = input;
  for (const member of UNSUPPORTED) if (input[member] !== undefined) throw new AwsError("ValidationException", notSupported(REFUSED.parameterMembers, member));
  if (!/^[a-zA-Z0-9_.\-/]{1,1011}$/.test(name)) throw new AwsError("ValidationException", `Invalid characters or length in the parameter name '${name}'. Valid characters are a-zA-Z0-9_.-/`);
  if (/^\/?(aws|ssm)/i.test(name)) throw new AwsError("ValidationException", `Parameter name: can't be prefixed with "aws" or "ssm" (case-insensitive): ${name}`);
  if (value === undefined || value === "") throw new AwsError("ValidationException", "1 validation error detected: Value null at 'value' failed to satisfy constraint: Member must not be null");
  if (Buffer.byteLength(value) > 4096) throw new AwsError("ValidationException", "Standard tier parameters support a maximum parameter value of 4096 characters.");
  const existing = state.parameters.get(name);
  if (existing && !overwrite) throw new AwsError("ParameterAlreadyExists", "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.");
  const type = input.Type ?? existing?.[existing.length - 1]?.type;
  if (type === undefined) throw new AwsError("ValidationException", "A parameter type is required when you create a parameter.");
  if (type !== "String" && type !== "StringList") throw new AwsError("UnsupportedParameterType", notSupported(REFUSED.secureStrings, type));
  const put = state.put({ name, value, type, dataType: input.DataType ?? "text", ...(input.Description === undefined ? {} : { description: input.Description }) });
  return { Version: put.version, Tier: "Standard" };
};
