/** Policies as IAM has them now, parsed once for each text. */
import type { GrantedPolicy, GrantedStatement } from "../../model/permissions";
import type { DirectoryRole, IamDirectory } from "./directory";
import { parsePolicy, type Policy, type Statement } from "./policy";

export class PolicyBook {
  readonly #parsed = new Map<string, Map<string, Policy>>();

  /** A policy from its text. */
  policy(source: string, text: string): Policy {
    let ofText = this.#parsed.get(text);
    if (!ofText) this.#parsed.set(text, (ofText = new Map<string, Policy>()));
    let policy = ofText.get(source);
    if (!policy) ofText.set(source, (policy = parsePolicy(source, text)));
    return policy;
  }

  /** A role's own policies, inline ones first. */
  identity({ state }: IamDirectory, role: DirectoryRole): Policy[] {
    return state.policiesOf(role.name).map(({ source, document }) => this.policy(source, document));
  }

  /** A managed policy by its ARN. */
  managed({ state }: IamDirectory, arn: string): Policy {
    return this.policy(arn, state.documentOf(arn));
  }
}

/** Every role's policies, as they stand. */
export function grantedPolicies({ state }: IamDirectory): GrantedPolicy[] {
  return [...state.roles.values()].flatMap(({ name }) => state.policiesOf(name).map(({ source, document }) => ({
    principal: name, policy: source, statements: parsePolicy(source, document).statements.map((statement, index) => granted(statement, document, index)),
  })));
}

function granted({ sid, effect, actions, resources }: Statement, document: string, index: number): GrantedStatement {
  const raw = (JSON.parse(document) as { Statement: unknown }).Statement;
  const condition = ((Array.isArray(raw) ? raw[index] : raw) as { Condition?: unknown }).Condition;
  return {
    ...(sid === undefined ? {} : { sid }), effect, actions: actions.map(({ text }) => text), resources: (resources ?? []).map(({ text }) => text),
    ...(condition === undefined ? {} : { condition }),
  };
}
