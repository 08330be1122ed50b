/**
 * What FIS checks of a template before it takes it: ids, parameters, target keys and types, the order of actions, stop
 * conditions. https://docs.aws.amazon.com/fis/latest/userguide/create-template.html,
 * https://docs.aws.amazon.com/fis/latest/APIReference/API_CreateExperimentTemplate.html
 *
 * `read.ts` the API model's shapes; `targets.ts`, `actions.ts`, `settings.ts` what each part must be
 */
import { validation } from "../errors";
import type { Definition } from "../model";
import { readActions, type Places } from "./actions";
import { text, type Input } from "./read";
import { readLogConfiguration, readOptions, readStopConditions, refuseUnsupported } from "./settings";
import { readTargets } from "./targets";

/**
 * The definition that a request holds.
 * @throws AwsError ValidationException, which says what is wrong and where
 */
export function readDefinition(input: Input, places: Places): Definition {
  refuseUnsupported(input);
  const description = text(input["description"], "description", { most: 512, least: 1 });
  const roleArn = text(input["roleArn"], "roleArn", { least: 20, solid: true });
  if (!/^arn:aws[a-z-]*:iam::\d{12}:role\/\S+$/.test(roleArn)) throw validation(`The role ARN "${roleArn}" is not that of an IAM role.`);
  const stopConditions = readStopConditions(input);
  const experimentOptions = readOptions(input);
  const logConfiguration = readLogConfiguration(input);
  const targets = readTargets(input);
  const actions = readActions(input, targets, places);
  return { description, roleArn, targets, actions, stopConditions, experimentOptions, ...(logConfiguration ? { logConfiguration } : {}) };
}
