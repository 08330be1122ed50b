/** Reading IAM's inputs: names, paths, policy documents, tags, and the refusals that AWS gives. */
import { AwsError } from "../../core/types";
import { numberOf } from "../../wire/scalars";
import { pageOf } from "../../core/paging";
import { parsePolicy, PolicySyntaxError } from "../../authorization/policy";
import type { Tag } from "./state";

export type Input = Record<string, unknown>;

const invalid = (message: string): AwsError => new AwsError("ValidationError", message, 400);

/** A member that must be there. @throws AwsError ValidationError */
export function required(input: Input, member: string): string {
  const value = input[member];
  if (typeof value !== "string" || value === "") throw invalid(`1 validation error detected: Value null at '${lowerFirst(member)}' failed to satisfy constraint: Member must not be null`);
  return value;
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** A name: letters, digits and `+=,.@_-`. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export function nameIn(input: Input, member: string, most: number): string {
  const name = required(input, member);
  if (name.length > most) throw invalid(`1 validation error detected: Value '${name}' at '${lowerFirst(member)}' failed to satisfy constraint: Member must have length less than or equal to ${most}`);
  if (!/^[\w+=,.@-]+$/.test(name)) throw invalid(`The specified value for ${lowerFirst(member)} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`);
  return name;
}

/** A path: `/`, or slashes around segments. */
export function pathIn(input: Input): string {
  const path = input["Path"] === undefined || input["Path"] === "" ? "/" : String(input["Path"]);
  if (!/^(\/|\/[\u0021-\u007E]+\/)$/.test(path)) throw invalid("The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.");
  return path;
}

/**
 * A policy document: JSON with statements that each have an effect, actions, and (identity policies) resources or
 * (trust policies) principals. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 * @throws AwsError MalformedPolicyDocument, with what is wrong
 */
export function documentIn(input: Input, member: string, kind: "identity" | "trust"): string {
  const text = required(input, member);
  const malformed = (message: string): AwsError => new AwsError("MalformedPolicyDocument", message, 400);
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw malformed(kind === "trust" ? "This policy contains invalid Json" : "Syntax errors in policy.");
  }
  if (!isObject(document)) throw malformed("Syntax errors in policy.");
  const version = document["Version"];
  if (version !== undefined && version !== "2012-10-17" && version !== "2008-10-17") throw malformed("The policy must contain a valid version string");
  const statements = Array.isArray(document["Statement"]) ? document["Statement"] : document["Statement"] === undefined ? [] : [document["Statement"]];
  if (statements.length === 0) throw malformed("Syntax errors in policy.");
  for (const statement of statements as unknown[]) {
    if (!isObject(statement)) throw malformed("Syntax errors in policy.");
    const has = (...names: string[]): boolean => names.some((name) => statement[name] !== undefined);
    if (statement["Effect"] !== "Allow" && statement["Effect"] !== "Deny") throw malformed("Syntax errors in policy.");
    if (!has("Action", "NotAction")) throw malformed("Policy statement must contain actions.");
    if (kind === "trust") {
      if (!has("Principal", "NotPrincipal")) throw malformed("AssumeRole policy must contain principals");
      if (has("Resource", "NotResource")) throw malformed("Has prohibited field Resource");
    } else {
      if (!has("Resource", "NotResource")) throw malformed("Policy statement must contain resources.");
      if (has("Principal", "NotPrincipal")) throw malformed("Policy document should not specify a principal.");
    }
  }
  try {
    parsePolicy(member, text);
  } catch (error) {
    if (error instanceof PolicySyntaxError) throw malformed(error.message);
    throw error;
  }
  return text;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

/** A policy document as IAM's answers carry it: percent-encoded as in RFC 3986. */
export const encodeDocument = (text: string): string => encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

export function tagsIn(input: Input, most = 50): Map<string, string> {
  const tags = (input["Tags"] ?? []) as Tag[];
  const result = new Map(Array.isArray(tags) ? tags.map(({ Key, Value }) => [String(Key), String(Value ?? "")] as const) : []);
  if (result.size > most) throw new AwsError("LimitExceeded", `The number of tags has reached the maximum limit of ${most}.`, 409);
  return result;
}

export const tagList = (tags: ReadonlyMap<string, string>): Tag[] => [...tags].map(([Key, Value]) => ({ Key, Value }));

/** A page of a list, in IAM's terms: IsTruncated and Marker. */
export function paged<T>(input: Input, all: readonly T[]): { items: T[]; IsTruncated: boolean; Marker?: string } {
  const limit = numberOf(input["MaxItems"], "maxItems") ?? 100;
  if (limit < 1 || limit > 1000) throw invalid(`1 validation error detected: Value '${limit}' at 'maxItems' failed to satisfy constraint: Member must be between 1 and 1000`);
  const { items, nextToken } = pageOf(all, limit, input["Marker"] === undefined ? undefined : String(input["Marker"]));
  return nextToken === undefined ? { items, IsTruncated: false } : { items, IsTruncated: true, Marker: nextToken };
}
