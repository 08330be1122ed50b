/** The permissions of synthesized stacks, one by one, and the stacks without one of them. Pure: Terraform's JSON in and out. */

/** A stack's `cdk.tf.json`. */
export interface StackDocument {
  resource: Record<string, Record<string, Record<string, unknown>>>;
  output?: Record<string, { value?: unknown }>;
}

/** One permission: an action of a statement. */
export interface Removal {
  stack: string;
  /** `aws_iam_role_policy.machine_policy` */
  address: string;
  /** The argument that holds the policy; undefined where the resource itself is the permission. */
  argument: string | undefined;
  /** The policy's or the resource's own name. */
  name: string;
  /** The statement's Sid, or its number. */
  statement: string;
  index: number;
  action: string;
}

interface Statement { Sid?: string; Action: string | string[] }
interface Policy { Statement: Statement[] }

/** Where policies stand: resource type, argument, and what a statement without its only action grants instead, which is nothing that is used. */
const POLICIES: readonly { type: string; argument: string; instead?: string }[] = [
  { type: "aws_iam_role_policy", argument: "policy" },
  { type: "aws_iam_policy", argument: "policy" },
  { type: "aws_iam_role", argument: "assume_role_policy", instead: "sts:TagSession" },
  { type: "aws_sqs_queue_policy", argument: "policy", instead: "sqs:GetQueueUrl" },
];
/** Resources that each are a permission. */
const PERMISSIONS = [{ type: "aws_lambda_permission", action: "action", statement: "statement_id", name: "function_name" }] as const;

const listed = (value: string | string[]): string[] => (Array.isArray(value) ? value : [value]);
const parsed = (resource: Record<string, unknown>, argument: string): Policy => JSON.parse(String(resource[argument])) as Policy;

/** Every permission that a stack grants. */
export function removalsOf(stack: string, { resource }: StackDocument): Removal[] {
  const inPolicies = POLICIES.flatMap(({ type, argument }) => Object.entries(resource[type] ?? {}).flatMap(([id, one]) =>
    parsed(one, argument).Statement.flatMap(({ Sid, Action }, index) => listed(Action).map((action): Removal => ({
      stack, address: `${type}.${id}`, argument, name: String(one["name"] ?? id), statement: Sid ?? `statement ${index + 1}`, index, action,
    })))));
  const asResources = PERMISSIONS.flatMap(({ type, action, statement, name }) => Object.entries(resource[type] ?? {}).map(([id, one]): Removal => ({
    stack, address: `${type}.${id}`, argument: undefined, name: String(one[name]).replace(/^\$\{[^.]*\.([^.}]*).*\}$/, "$1"), statement: String(one[statement]), index: 0, action: String(one[action]),
  })));
  return [...inPolicies, ...asResources];
}

/** The stack without that permission; a statement without actions goes, where that leaves others. */
export function without(document: StackDocument, { address, argument, index, action }: Removal): StackDocument {
  const [type, id] = address.split(".") as [string, string];
  const copy = structuredClone(document);
  const resources = copy.resource[type]!;
  if (argument === undefined) {
    delete resources[id];
    return copy;
  }
  const policy = parsed(resources[id]!, argument);
  const left = listed(policy.Statement[index]!.Action).filter((one) => one !== action);
  const { instead } = POLICIES.find((known) => known.type === type && known.argument === argument)!;
  if (left.length > 0) policy.Statement[index]!.Action = left;
  else if (instead !== undefined) policy.Statement[index]!.Action = [instead];
  else policy.Statement.splice(index, 1);
  resources[id]![argument] = JSON.stringify(policy);
  return copy;
}

/** Why a permission stays that no scenario uses, as the stack's own output says. */
export function reasonFor({ output }: StackDocument, { name, statement, action }: Removal): string | undefined {
  const reasons = JSON.parse(String(output?.["permission_reasons"]?.value ?? "{}")) as Record<string, string>;
  return reasons[`${name}/${statement}/${action}`];
}
