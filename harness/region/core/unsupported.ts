/**
 * What a refusal says of what AWS has and this region does not. The phrases stand in each folder's `limits.ts`, from where
 * docs/feature-support.md takes them, too; `given` is what the caller asked for, where the phrase does not tell.
 */
import type { AwsError, Operation } from "./types";

export const notSupported = (what: string, given?: string): string => `The embedded region does not support ${what}${given === undefined ? "" : ` ('${given}' was given)`}.`;

/** Members of requests that are refused, by operation and name, each with the values that ask for nothing beyond what the region does. */
export type RefusedMembers = Readonly<Record<string, Readonly<Record<string, readonly unknown[]>>>>;
/** Members that are taken and change nothing, each with the reason why nothing is lost; `*` stands for every operation. */
export type InertMembers = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * A service's operations, those with refused members behind a check.
 * @param read a member's value, where it is not simply a property of the input
 * @throws Error when the table names an operation that is not there
 */
export function refusingMembers<T extends Readonly<Record<string, Operation>>>(operations: T, refused: RefusedMembers, refuse: (message: string) => AwsError, read: Read = memberOf): T {
  const checked: Record<string, Operation> = { ...operations };
  for (const [name, members] of Object.entries(refused)) {
    const run = checked[name];
    if (run === undefined) throw new Error(`there is no operation ${name} whose members could be refused`);
    const entries = Object.entries(members);
    checked[name] = (input: object, context) => {
      for (const [member, harmless] of entries) if (asks(read(input, member), harmless)) throw refuse(notSupported(`the parameter ${member} of ${name}`));
      return run(input, context);
    };
  }
  return checked as T;
}

type Read = (input: object, member: string) => unknown;
const memberOf: Read = (input, member) => (input as Readonly<Record<string, unknown>>)[member];

/** Whether a member's value asks for anything: absent, false and empty ones do not. Query protocols have texts for all scalars. */
function asks(value: unknown, harmless: readonly unknown[]): boolean {
  if (value === undefined || value === null || value === false || value === "" || value === "false") return false;
  if (typeof value === "object" && Object.keys(value).length === 0) return false;
  return !harmless.some((one) => JSON.stringify(one) === JSON.stringify(value));
}
