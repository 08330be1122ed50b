/**
 * How the services refuse an input that has not its operation's shape. The JSON services share a front, whose words were taken down
 * from its answers; https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html has EC2's codes,
 * https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html those of the query protocol. The schemas do not tell integers from
 * longs and doubles: a number is always called an Integer.
 */
import { AwsError } from "./types";
import type { Found, Mismatch, Scalars, Step } from "../shapes/conform";
import type { Shape } from "../shapes/types";

const ARTICLES: Readonly<Partial<Record<Shape["kind"], string>>> = { text: "a String", number: "an Integer", boolean: "a Boolean", timestamp: "a Date" };

/** What stands where something else should, in the words of the front that the JSON services share. */
function jsonText(wanted: Shape["kind"], found: Found, value: unknown): string {
  if (wanted === "structure" && found !== "list") return "Expected null";
  if (wanted === "list" && found !== "structure") return "Expected list or null";
  if (wanted === "map" && found !== "list") return "Expected map or null";
  if (found === "list") return "Start of list found where not expected";
  if (found === "structure") return "Start of structure or map found where not expected.";
  if (wanted === "blob") return "only base-64-encoded strings are convertible to bytes";
  const token = found === "text" ? "STRING" : found === "boolean" ? String(value).toUpperCase() : Number.isInteger(value) ? "NUMBER" : "DECIMAL";
  return `${token}_VALUE can not be converted to ${ARTICLES[wanted] ?? "a String"}`;
}

const serialization: Mismatch = (wanted, found, value) => new AwsError("SerializationException", jsonText(wanted, found, value));

/** DynamoDB has a front of its own, and words that are a little different; they are dynalite's, too. */
const dynamodb: Mismatch = (wanted, found, value) => {
  const isScalar = wanted !== "list" && wanted !== "map" && wanted !== "structure";
  const type = wanted === "text" ? "String" : wanted === "number" ? "Integer" : "Boolean";
  return new AwsError("SerializationException",
    found === "list" ? `Unrecognized collection type ${isScalar ? `class java.lang.${type}` : "class java.util.Map"}`
      : found === "structure" ? "Start of structure or map found where not expected"
        : isScalar ? jsonText(wanted, found, value).replace(/ can not be converted to .*/, ` cannot be converted to ${type}`) : "Unexpected field type");
};

/** `MalformedInput` is what the query protocol's front answers. */
const malformed: Mismatch = (wanted, found) => new AwsError("MalformedInput",
  found === "list" ? "Start of list found where not expected"
    : found === "structure" ? "Start of structure or map found where not expected."
      : wanted === "list" ? "Unexpected list element termination" : "Unexpected complex element termination");

const nameOf = (step: Exclude<Step, number>): string => (typeof step === "string" ? step : step.key);

/** To EC2 a structure is the parameters that it is made of, and those have other names. */
const unknownParameter: Mismatch = (_wanted, _found, value, path) => {
  let name = path.map((step) => (typeof step === "number" ? step + 1 : nameOf(step))).join(".");
  for (let inner = value; typeof inner === "object" && inner !== null;) {
    const [key, next] = Object.entries(inner)[0] ?? [];
    if (key === undefined) break;
    name += `.${Array.isArray(inner) ? Number(key) + 1 : key}`;
    inner = next as unknown;
  }
  return new AwsError("UnknownParameter", `The parameter ${name} is not recognized`);
};

const lower = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

/** A place as constraints of the API model are told: `tags.1.member.key`, `targets.armed.member.selectionMode`. */
const placeOf = (path: readonly Step[]): string => path.map((step) => (typeof step === "number" ? `${step + 1}.member` : typeof step === "string" ? lower(step) : `${step.key}.member`)).join(".");

type Missing = (places: readonly (readonly Step[])[]) => AwsError;

const nulls = (code: string): Missing => (places) => new AwsError(code,
  `${places.length} validation error${places.length > 1 ? "s" : ""} detected: ${places.map((place) => `Value null at '${placeOf(place)}' failed to satisfy constraint: Member must not be null`).join("; ")}`);

/** `MetricData.member.1.MetricName`. */
const dotted = (path: readonly Step[]): string => path.map((step) => (typeof step === "number" ? `member.${step + 1}` : nameOf(step))).join(".");

const DEFAULT_MISSING = nulls("ValidationException");

/** How absent members are told, by service where not as most do it; null: the operations tell it themselves. */
const MISSING: Readonly<Record<string, Missing | null>> = {
  "cloudwatch": ([first]) => new AwsError("MissingParameter", `The parameter ${dotted(first!)} is required.`),
  "cloudwatch-logs": nulls("InvalidParameterException"),
  "ec2": null,
  "elastic-load-balancing-v2": nulls("ValidationError"),
  "iam": nulls("ValidationError"),
  "resource-groups-tagging-api": nulls("InvalidParameterException"),
  "sqs": ([first]) => new AwsError("MissingParameter", `The request must contain the parameter ${dotted(first!)}.`),
  "sts": nulls("ValidationError"),
};

/** The refusal of an input that lacks required members; undefined when that is left to the operation. */
export function missingMembers(service: string, places: readonly (readonly Step[])[]): AwsError | undefined {
  const missing = MISSING[service];
  return missing === null ? undefined : (missing ?? DEFAULT_MISSING)(places);
}

export const mismatchOf = (service: string, scalars: Scalars): Mismatch => (service === "ec2" ? unknownParameter : service === "dynamodb" ? dynamodb : scalars === "text" ? malformed : serialization);
