/**
 * The command documents that the region has: what they take, and the shell script that they come to.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-command-ssm-plugin-reference.html#aws-runShellScript,
 * https://docs.aws.amazon.com/fis/latest/userguide/actions-ssm-agent.html#fis-ssm-docs
 */
import { AwsError } from "../../../core/types";
import { notSupported } from "../../../core/unsupported";
import { REFUSED } from "../limits";

/** Values by parameter, each a list: that is how commands carry them. */
export type Parameters = Readonly<Record<string, readonly string[]>>;

export interface DocumentParameter {
  type: "String" | "StringList";
  /** Absent: it must be given. */
  default?: string;
  /** What its value must look like, and how that is said. */
  pattern?: RegExp;
  allowed?: readonly string[];
}

export interface CommandDocument {
  name: string;
  parameters: Readonly<Record<string, DocumentParameter>>;
  script(parameters: Parameters): { text: string; workingDirectory?: string; timeoutSeconds: number };
}

/** One hour, in which a script must end unless its document says otherwise. */
const DEFAULT_TIMEOUT_SECONDS = 3600;

const DEFINITIONS: readonly CommandDocument[] = [
  {
    name: "AWS-RunShellScript",
    parameters: {
      commands: { type: "StringList" },
      workingDirectory: { type: "String", default: "" },
      executionTimeout: { type: "String", default: String(DEFAULT_TIMEOUT_SECONDS), pattern: /^([1-9]\d{0,4}|1[0-6]\d{4}|17[01]\d{3}|172[0-7]\d{2}|172800)$/ },
    },
    script: ({ commands = [], workingDirectory, executionTimeout }) => ({
      text: `${commands.join("\n")}\n`, timeoutSeconds: Number(executionTimeout![0]), ...(workingDirectory![0] === "" ? {} : { workingDirectory: workingDirectory![0]! }),
    }),
  },
  {
    // By name, with killall, which the region's guests have: there is nothing to install.
    name: "AWSFIS-Run-Kill-Process",
    parameters: {
      ProcessName: { type: "String", pattern: /^[\w.+-]{1,128}$/ },
      Signal: { type: "String", default: "SIGTERM", allowed: ["SIGTERM", "SIGKILL"] },
      InstallDependencies: { type: "String", default: "True", allowed: ["True", "False"] },
    },
    script: ({ ProcessName, Signal }) => ({ text: `killall -s ${Signal![0]} ${ProcessName![0]}\n`, timeoutSeconds: DEFAULT_TIMEOUT_SECONDS }),
  },
];

/** Every document that the region has, by its name. */
const DOCUMENTS: ReadonlyMap<string, CommandDocument> = new Map(DEFINITIONS.map((document) => [document.name, document]));

/** The name in a document's name or ARN: those of AWS have no account in it. */
export const documentName = (nameOrArn: string): string => /^arn:[\w-]+:ssm:[\w-]*:\d*:document\/(.+)$/.exec(nameOrArn)?.[1] ?? nameOrArn;

/** A document by its name or ARN. @throws AwsError InvalidDocument */
export function documentOf(nameOrArn: string): CommandDocument {
  const name = documentName(nameOrArn);
  const found = DOCUMENTS.get(name);
  if (found) return found;
  throw new AwsError("InvalidDocument", /^AWS/.test(name)
    ? `${notSupported(REFUSED.documents, name)} It has: ${[...DOCUMENTS.keys()].join(", ")}.`
    : `Document with name ${name} does not exist.`);
}

/** The parameters of a command, those not given at their defaults. @throws AwsError InvalidParameters */
export function readParameters(document: CommandDocument, given: Readonly<Record<string, unknown>>): Parameters {
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(document.parameters, name)) throw invalid(`Parameter "${name}" is not defined in the document ${document.name}.`);
  }
  return Object.fromEntries(Object.entries(document.parameters).map(([name, parameter]) => [name, readValue(document, name, parameter, Object.hasOwn(given, name) ? given[name] : undefined)]));
}

function readValue({ name: documentTitle }: CommandDocument, name: string, { type, default: standard, pattern, allowed }: DocumentParameter, given: unknown): string[] {
  if (given === undefined) {
    if (standard === undefined) throw invalid(`Parameter "${name}" is required by the document ${documentTitle}.`);
    return [standard];
  }
  if (!Array.isArray(given) || !given.every((value) => typeof value === "string")) throw invalid(`Parameter "${name}" must be a list of strings.`);
  const values = given as string[];
  if (values.length === 0 || (type === "String" && values.length !== 1)) throw invalid(`Parameter "${name}" of the type ${type} must have ${type === "String" ? "one value" : "at least one value"}.`);
  for (const value of values) {
    if (allowed && !allowed.includes(value)) throw invalid(`Parameter "${name}" has the value "${value}"; the allowed values are: ${allowed.join(", ")}.`);
    if (pattern && !pattern.test(value)) throw invalid(`Parameter "${name}" has the value "${value}", which does not match the document's pattern.`);
  }
  return values;
}

const invalid = (message: string): AwsError => new AwsError("InvalidParameters", message);
