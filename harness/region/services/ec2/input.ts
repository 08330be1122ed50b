/**
 * Reading what the EC2 query protocol hands over: every scalar is text, numbers and booleans included.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Query-Requests.html
 */
import { ec2Error } from "./errors";

/** A decoded structure in wire names. */
export interface Wire { [name: string]: WireValue }
export type WireValue = string | Wire | WireValue[] | undefined;

const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

/** The text at that name; undefined when absent. @throws AwsError InvalidParameterValue, when a structure stands there */
export function text(input: Wire, name: string): string | undefined {
  const value = input[name];
  if (value === undefined || typeof value === "string") return value;
  throw ec2Error("InvalidParameterValue", `Value for parameter ${lowerFirst(name)} is invalid. Expected a single value.`);
}

/** The text at that name. @throws AwsError MissingParameter */
export function requiredText(input: Wire, name: string): string {
  const value = text(input, name);
  if (value === undefined || value === "") throw ec2Error("MissingParameter", `The request must contain the parameter ${name}`);
  return value;
}

/** A boolean, or undefined when absent. @throws AwsError InvalidParameterValue for anything but true and false */
export function flag(input: Wire, name: string): boolean | undefined {
  const value = text(input, name);
  if (value === undefined || value === "") return undefined;
  if (/^(true|false)$/i.test(value)) return value.toLowerCase() === "true";
  throw ec2Error("InvalidParameterValue", `Invalid value '${value}' for ${lowerFirst(name)}. Expected true or false.`);
}

/** A number, or undefined when absent. @throws AwsError InvalidParameterValue */
export function numeric(input: Wire, name: string): number | undefined {
  const value = text(input, name);
  if (value === undefined || value === "") return undefined;
  const number = Number(value);
  if (!Number.isFinite(number)) throw ec2Error("InvalidParameterValue", `Value (${value}) for parameter ${lowerFirst(name)} is invalid. Expected a number.`);
  return number;
}

/** A whole number of at least `least`, or undefined when absent. @throws AwsError InvalidParameterValue */
export function whole(input: Wire, name: string, least = 0): number | undefined {
  const value = numeric(input, name);
  if (value === undefined) return undefined;
  if (!Number.isInteger(value) || value < least) throw ec2Error("InvalidParameterValue", `Value (${value}) for parameter ${lowerFirst(name)} is invalid.`);
  return value;
}

/** The structure at that name; an empty one when absent. */
export function structure(input: Wire, name: string): Wire {
  const value = input[name];
  if (value === undefined || value === "") return {};
  if (typeof value === "object" && !Array.isArray(value)) return value;
  throw ec2Error("InvalidParameterValue", `Value for parameter ${lowerFirst(name)} is invalid. Expected a structure.`);
}

/** The structures listed at that name. */
export function structures(input: Wire, name: string): Wire[] {
  return listed(input, name).map((value) => {
    if (typeof value === "object" && !Array.isArray(value)) return value;
    throw ec2Error("InvalidParameterValue", `Value for parameter ${lowerFirst(name)} is invalid. Expected structures.`);
  });
}

/** The texts listed at that name. */
export function texts(input: Wire, name: string): string[] {
  return listed(input, name).map((value) => {
    if (typeof value === "string") return value;
    throw ec2Error("InvalidParameterValue", `Value for parameter ${lowerFirst(name)} is invalid. Expected a list of texts.`);
  });
}

function listed(input: Wire, name: string): Exclude<WireValue, undefined>[] {
  const value = input[name];
  if (value === undefined || value === "") return [];
  if (Array.isArray(value)) return value.filter((member) => member !== undefined);
  throw ec2Error("InvalidParameterValue", `Value for parameter ${lowerFirst(name)} is invalid. Expected a list.`);
}

/**
 * Refuses, by name, members that the region does not model, so that nothing asked for is silently dropped.
 * @throws AwsError UnsupportedOperation
 */
export function refuseOthers(input: Wire, known: ReadonlySet<string>, where: string): void {
  for (const [name, value] of Object.entries(input)) {
    if (value !== undefined && value !== "" && !known.has(name)) {
      throw ec2Error("UnsupportedOperation", `The embedded region does not support the parameter ${name} of ${where}.`);
    }
  }
}
