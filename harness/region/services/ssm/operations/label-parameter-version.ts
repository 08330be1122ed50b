/**
 * Labels of a version: names that move from one version to another. https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_LabelParameterVersion.html
 * and https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_UnlabelParameterVersion.html
 */
import { AwsError, type Operation } from "../../../core/types";
import type { ParameterVersion, SsmState } from "../state";

interface Input { Name?: string; ParameterVersion?: number; Labels?: string[] }

const MOST_LABELS = 10;
const isValid = (label: string): boolean => /^[a-zA-Z_.-][a-zA-Z0-9_.-]{0,99}$/.test(label) && !/^(aws|ssm)/i.test(label);

function versionOf(versions: readonly ParameterVersion[], name: string, number: number | undefined): ParameterVersion {
  const found = number === undefined ? versions.at(-1) : versions.find(({ version }) => version === number);
  if (!found) throw new AwsError("ParameterVersionNotFound", `Systems Manager could not find version ${number} of ${name}. Verify the version and try again.`);
  return found;
}

export const labelParameterVersion = (state: SsmState): Operation<Input> => ({ Name = "", ParameterVersion: number, Labels = [] }) => {
  const versions = state.own(Name);
  const version = versionOf(versions, Name, number);
  const valid = Labels.filter(isValid);
  if (new Set([...version.labels, ...valid]).size > MOST_LABELS) {
    throw new AwsError("ParameterVersionLabelLimitExceeded", `A parameter version can have a maximum of ${MOST_LABELS} labels. Move one or more of them to another version and try again.`);
  }
  for (const label of valid) {
    for (const other of versions) other.labels.delete(label);
    version.labels.add(label);
  }
  return { InvalidLabels: Labels.filter((label) => !isValid(label)), ParameterVersion: version.version };
};

export const unlabelParameterVersion = (state: SsmState): Operation<Input> => ({ Name = "", ParameterVersion: number, Labels = [] }) => {
  const version = versionOf(state.own(Name), Name, number);
  const removed = Labels.filter((label) => version.labels.delete(label));
  return { RemovedLabels: removed, InvalidLabels: Labels.filter((label) => !removed.includes(label)) };
};
