/**
 * Run Command as an action: the document's script runs on the instances; FIS watches it for the action's duration.
 * https://docs.aws.amazon.com/fis/latest/userguide/actions-ssm-agent.html
 */
import { AwsError } from "../../../core/types";
import { documentOf, documentName, readParameters } from "../../ssm/run-command/documents";
import { faultDuration, secondsOf, type ActionContext, type ActionDefinition, type Parameters } from "./definition";

/** How often FIS looks at the command. */
const POLL_SECONDS = 5;
/** How a command ends that makes the action fail. */
const FAILED = ["Failed", "TimedOut", "Cancelled"];

interface SentCommand { CommandId: string; Status: string; StatusDetails: string }

/** `{"name": "value" | ["value"]}` as lists of values. @throws Error that says what is wrong */
function documentParameters(text: string | undefined): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text ?? "{}");
  } catch (error) {
    throw new Error(`documentParameters is not valid JSON: ${(error as Error).message}`, { cause: error });
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) throw new Error("documentParameters is not a JSON object");
  return Object.fromEntries(Object.entries(parsed).map(([name, value]) => [name, typeof value === "string" ? [value] : value]));
}

function check({ documentArn = "", documentVersion, documentParameters: text }: Parameters, { regionName, partition }: { regionName: string; partition: string }): string | undefined {
  try {
    const document = documentOf(documentArn);
    const arn = `arn:${partition}:ssm:${regionName}::document/${documentName(documentArn)}`;
    if (documentArn !== arn) return `documentArn must be that of a document of AWS in this Region (${arn})`;
    if (documentVersion !== undefined && !["$DEFAULT", "$LATEST", "1"].includes(documentVersion)) return `the document ${document.name} has no version ${documentVersion}`;
    readParameters(document, documentParameters(text));
    return undefined;
  } catch (error) {
    return (error as Error).message.replace(/\.$/, "");
  }
}

export const sendCommand: ActionDefinition = {
  id: "aws:ssm:send-command", description: "Runs the Systems Manager API action SendCommand on the target EC2 instances.", targets: { Instances: "aws:ec2:instance" },
  parameters: {
    documentArn: {
      description: "The Amazon Resource Name (ARN) of the document.", required: true,
      check: (value) => (/^arn:[\w-]+:ssm:[\w-]+:\d*:document\/[\w.-]+$/.test(value) ? undefined : "it is not the ARN of a Systems Manager document"),
    },
    documentVersion: { description: "The version of the document. If empty, the default version runs.", required: false, check: () => undefined },
    documentParameters: { description: "The required and optional parameters that the document accepts, as a JSON object of strings or arrays of strings.", required: false, check: () => undefined },
    duration: faultDuration,
  },
  check,
  async run(context) {
    const { region, role, parameters, targets } = context;
    const { Command: sent } = await region.call<{ Command: SentCommand }>(role.caller, "ssm", "SendCommand", {
      DocumentName: parameters["documentArn"], InstanceIds: targets("Instances").map(({ id }) => id), Parameters: documentParameters(parameters["documentParameters"]),
      ...(parameters["documentVersion"] ? { DocumentVersion: parameters["documentVersion"] } : {}),
    });
    if (!(await watch(context, sent.CommandId))) await region.call(role.caller, "ssm", "CancelCommand", { CommandId: sent.CommandId });
  },
};

/** Looks at the command until the duration is over (true) or the experiment stops (false). What still runs then goes on. @throws AwsError when the command fails */
async function watch({ region, role, parameters, wait }: ActionContext, commandId: string): Promise<boolean> {
  const end = region.clock.now() + secondsOf(parameters["duration"]) * 1e6;
  let done = false;
  while (region.clock.now() < end) {
    const left = (end - region.clock.now()) / 1e6;
    if (!(await wait(done ? left : Math.min(POLL_SECONDS, left)))) return false;
    if (done) continue;
    const { Commands: [command] } = await region.call<{ Commands: SentCommand[] }>(role.caller, "ssm", "ListCommands", { CommandId: commandId });
    if (FAILED.includes(command!.Status)) throw new AwsError("SSMCommandFailed", `The SSM command ${commandId} ended with the status ${command!.StatusDetails}.`);
    done = command!.Status === "Success";
  }
  return true;
}
