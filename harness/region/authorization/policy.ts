/**
 * Policy documents, parsed once: statements with their patterns and conditions ready to be asked.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
import { parseCondition, UnknownOperator, type Condition } from "./conditions";
import { parsePattern, type Pattern } from "./pattern";

/** Whom a statement of a resource's policy is about. */
export interface Principals {
  isNegated: boolean;
  everyone: boolean;
  aws: readonly string[];
  services: readonly string[];
}

export interface Statement {
  /** Its place in the document, from 0. */
  readonly index: number;
  readonly sid?: string;
  readonly effect: "Allow" | "Deny";
  readonly actions: readonly Pattern[];
  readonly isNotAction: boolean;
  /** Absent in trust policies. */
  readonly resources?: readonly Pattern[];
  readonly isNotResource: boolean;
  readonly principals?: Principals;
  readonly conditions: readonly Condition[];
}

/** Where a policy comes from, and what it says. */
export interface Policy {
  /** `inline:NAME`, a managed policy's ARN, `trust:ROLE`, or the resource's ARN. */
  readonly source: string;
  readonly statements: readonly Statement[];
}

/** What is wrong with a document, in words. */
export class PolicySyntaxError extends Error {}

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);

/** @throws PolicySyntaxError */
export function parsePolicy(source: string, text: string): Policy {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw new PolicySyntaxError("Syntax errors in policy.");
  }
  if (!isObject(document)) throw new PolicySyntaxError("Syntax errors in policy.");
  const variables = document["Version"] === "2012-10-17";
  const given = document["Statement"];
  const list = Array.isArray(given) ? given as unknown[] : given === undefined ? [] : [given];
  return { source, statements: list.map((statement, index) => parseStatement(statement, index, variables)) };
}

function parseStatement(value: unknown, index: number, variables: boolean): Statement {
  if (!isObject(value)) throw new PolicySyntaxError("Syntax errors in policy.");
  const { Sid: sid, Effect: effect } = value;
  if (effect !== "Allow" && effect !== "Deny") throw new PolicySyntaxError("Syntax errors in policy.");
  const isNotAction = value["NotAction"] !== undefined;
  const isNotResource = value["NotResource"] !== undefined;
  const resources = value["Resource"] ?? value["NotResource"];
  const principals = value["Principal"] ?? value["NotPrincipal"];
  return {
    index, effect, isNotAction, isNotResource,
    ...(typeof sid === "string" && sid !== "" ? { sid } : {}),
    // Actions do not depend on case: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
    actions: texts(value["Action"] ?? value["NotAction"]).map((text) => parsePattern(text, { variables: false, ignoreCase: true })),
    ...(resources === undefined ? {} : { resources: texts(resources).map((text) => parsePattern(text, { variables })) }),
    ...(principals === undefined ? {} : { principals: parsePrincipals(principals, value["NotPrincipal"] !== undefined) }),
    conditions: parseConditions(value["Condition"], variables),
  };
}

function parsePrincipals(value: unknown, isNegated: boolean): Principals {
  if (value === "*") return { isNegated, everyone: true, aws: [], services: [] };
  if (!isObject(value)) throw new PolicySyntaxError("Invalid principal in policy.");
  const aws = texts(value["AWS"] ?? []);
  return { isNegated, everyone: aws.includes("*"), aws, services: texts(value["Service"] ?? []) };
}

function parseConditions(value: unknown, variables: boolean): Condition[] {
  if (value === undefined) return [];
  if (!isObject(value)) throw new PolicySyntaxError("Syntax errors in policy.");
  return Object.entries(value).flatMap(([operator, tests]) => {
    if (!isObject(tests)) throw new PolicySyntaxError("Syntax errors in policy.");
    return Object.entries(tests).map(([key, wanted]) => {
      try {
        return parseCondition(operator, key, texts(wanted), variables);
      } catch (error) {
        if (error instanceof UnknownOperator) throw new PolicySyntaxError(`Invalid Condition type : ${operator}.`);
        throw error;
      }
    });
  });
}

/** A text or a list of texts; numbers and booleans count as what they are written like. */
function texts(value: unknown): string[] {
  return (Array.isArray(value) ? value as unknown[] : [value]).map((member) => {
    if (typeof member === "string" || typeof member === "number" || typeof member === "boolean") return String(member);
    throw new PolicySyntaxError("Syntax errors in policy.");
  });
}
