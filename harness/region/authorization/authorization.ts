/**
 * IAM at work: each call of a role's session is decided from the role's policies as they are at that moment. The
 * administrator, as whom every unknown access key counts, may do everything.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
import { AwsError, type Authorization as Asked, type CallContext, type Caller, type Need, type RegionContext, type ServiceRequest } from "../core/types";
import type { PermissionRecord } from "../../model/permissions";
import { ruleOf } from "./actions";
import { keysOf } from "./context-keys";
import type { IamDirectory } from "./directory";
import { decide, type Decision, type Requester } from "./evaluate";
import { grantedPolicies, PolicyBook } from "./policy-book";
import type { Call } from "./need";
import { PermissionLog } from "./record";
import { nearMiss, statementToAdd, tagKeysIn } from "./suggestion";
import { refusal, refusalText } from "./wording";

export class IamAuthorization {
  readonly #log = new PermissionLog();
  readonly #book = new PolicyBook();
  #iam: IamDirectory | undefined;

  constructor(readonly region: RegionContext) {}

  /** Before each operation. @throws AwsError, the service's refusal */
  readonly authorize = ({ service, operation, input, context }: Asked): void => {
    const { caller } = context;
    if (caller.roleName === undefined || caller.isUnlimited) return;
    const rule = ruleOf(service, operation);
    if (!rule) throw new AwsError("InternalFailure", `The embedded region does not know which permissions ${service}:${operation} needs, so only the administrator may call it (harness/region/authorization/actions).`, 500);
    const needs = rule(this.#call(input, context));
    for (const need of needs) this.#require(service, caller, need);
  };

  /** Within an operation, for what it only knows once it runs. @throws AwsError, the service's refusal */
  permit(caller: Caller, service: string, needs: readonly Need[]): void {
    if (caller.roleName === undefined || caller.isUnlimited) return;
    for (const need of needs) this.#require(service, caller, need);
  }

  /** Whether a service of AWS may, by a resource's own policy. */
  permitsService({ principal, action, resource, sourceArn, policies, keys: own = {} }: ServiceRequest): boolean {
    const { accountId } = this.region;
    const requester: Requester = { accountId, arns: [], services: [principal] };
    const keys = keysOf({ region: this.region, need: { action, resource, keys: own }, sourceArn, sourceAccount: accountId, principalService: principal });
    let decision: Decision = { allowed: false, explicit: false, missing: "resource-based policy" };
    for (const text of policies) {
      decision = decide({ action, resource, keys }, requester, { identity: [], resource: this.#book.policy(resource, text), resourceMustAllow: true });
      if (decision.allowed || decision.explicit) break;
    }
    if (decision.allowed) {
      this.#log.use(principal, action, resource, refOf(decision.by));
      this.#log.withdraw(principal, action, resource, sourceArn);
    } else {
      this.#log.refusal({
        principal, action, resource, message: refusalText({ principal, action, resource, decision }), where: `policy of ${resource}`,
        add: JSON.stringify({ Effect: "Allow", Principal: { Service: principal }, Action: action, Resource: resource, Condition: { ArnEquals: { "aws:SourceArn": sourceArn } } }),
      }, sourceArn);
    }
    return decision.allowed;
  }

  /** Whether a role's trust policy lets a service of AWS assume it. */
  trustsService(roleArn: string, service: string, sourceArn: string | undefined): boolean {
    const role = this.#directory().state.roleByArn(roleArn);
    if (!role) return false;
    const { accountId, regionName } = this.region;
    const regional = service.replace(/\.amazonaws\.com$/, `.${regionName}.amazonaws.com`);
    const need: Need = { action: "sts:AssumeRole", resource: roleArn };
    const keys = keysOf({ region: this.region, need, sourceAccount: accountId, principalService: service, ...(sourceArn === undefined ? {} : { sourceArn }) });
    const trust = this.#book.policy(`trust:${role.name}`, role.trustPolicy);
    const decision = decide({ action: need.action, resource: roleArn, keys }, { accountId, arns: [], services: [service, regional] }, { identity: [], resource: trust, resourceMustAllow: true });
    if (decision.allowed) this.#log.use(service, need.action, roleArn, refOf(decision.by));
    else {
      this.#log.refusal({
        principal: service, action: need.action, resource: roleArn, message: refusalText({ principal: service, action: need.action, resource: roleArn, decision }), where: `trust policy of role ${role.name}`,
        add: JSON.stringify({ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }),
      });
    }
    return decision.allowed;
  }

  /** Whether the caller may assume a role: the trust policy must name the caller, or its account and then the caller's own policies decide. @throws AwsError AccessDenied */
  permitAssumeRole(caller: Caller, roleArn: string, keys: Need["keys"] = {}): void {
    const role = this.#directory().state.roleByArn(roleArn);
    const need: Need = { action: "sts:AssumeRole", resource: roleArn, keys, policyMustAllow: true, policy: () => role?.trustPolicy, tags: () => role?.tags };
    if (caller.roleName !== undefined && !caller.isUnlimited) return this.#require("sts", caller, need);
    const { accountId } = this.region;
    const trust = role && this.#book.policy(`trust:${role.name}`, role.trustPolicy);
    const anything = this.#book.policy("administrator", ADMINISTRATOR);
    const decision = decide({ action: need.action, resource: roleArn, keys: keysOf({ region: this.region, need, caller }) }, { accountId, arns: [caller.arn], services: [] },
      { identity: [anything], resource: trust, resourceMustAllow: true });
    // AWS does not say whether the role is missing or closed to the caller.
    if (!decision.allowed) throw new AwsError("AccessDenied", `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`, 403);
  }

  /** What was used and refused so far, and what is granted now. */
  record(): Omit<PermissionRecord, "reasons"> {
    return { ...this.#log.read(), granted: grantedPolicies(this.#directory()) };
  }

  #directory(): IamDirectory {
    return (this.#iam ??= this.region.service<IamDirectory>("iam"));
  }

  #call(input: unknown, context: CallContext): Call {
    const { region } = this;
    return { input: input ?? {}, region, context, arn: (service, resource) => `arn:${region.partition}:${service}:${region.regionName}:${region.accountId}:${resource}` };
  }

  #require(service: string, caller: Caller, need: Need): void {
    const { action, resource } = need;
    const role = this.#directory().state.roles.get(caller.roleName!);
    const identity = role ? this.#book.identity(this.#directory(), role) : [];
    const boundary = role?.permissionsBoundary === undefined ? undefined : this.#book.managed(this.#directory(), role.permissionsBoundary);
    const resourceText = need.policy?.();
    const source = { region: this.region, need, caller, ...(role ? { roleArn: role.arn, roleTags: role.tags } : {}) };
    const requester: Requester = { accountId: caller.accountId, arns: role ? [caller.arn, role.arn] : [caller.arn], services: [] };
    const decision = decide({ action, resource, keys: keysOf(source) }, requester, {
      identity, boundary, resource: resourceText === undefined ? undefined : this.#book.policy(resource, resourceText), resourceMustAllow: need.policyMustAllow,
    });
    if (decision.allowed) return this.#log.use(caller.roleName!, action, resource, refOf(decision.by));
    const error = refusal(service, { principal: caller.arn, action, resource, decision });
    const near = decision.explicit ? `statement ${decision.by.sid ?? decision.by.index} of ${decision.by.source} denies it` : nearMiss(identity, need);
    this.#log.refusal({
      principal: caller.roleName!, action, resource, message: refusalText({ principal: caller.arn, action, resource, decision }), where: this.#whereToAdd(caller.roleName!),
      ...(decision.explicit ? {} : { add: statementToAdd(need, this.#tagKeys()) }), ...(near === undefined ? {} : { note: near }),
    });
    throw error;
  }

  /** Tags by which the account's policies narrow what they grant. */
  #tagKeys(): string[] {
    const iam = this.#directory();
    return tagKeysIn([...iam.state.roles.values()].flatMap((role) => this.#book.identity(iam, role)));
  }

  /** The policy of a role that a statement would be added to. */
  #whereToAdd(roleName: string): string {
    const role = this.#directory().state.roles.get(roleName);
    if (!role) return `role ${roleName}, which is no more`;
    const [inline] = role.inlinePolicies.keys();
    if (inline !== undefined) return `inline policy ${inline} of role ${roleName}`;
    const own = [...role.attachedPolicies].find((arn) => !arn.includes(":iam::aws:policy/"));
    return own === undefined ? `role ${roleName}, which has no policy of its own` : `managed policy ${own} of role ${roleName}`;
  }
}

const ADMINISTRATOR = JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] });

const refOf = ({ source, ...by }: Extract<Decision, { allowed: true }>["by"]) => ({ policy: source, ...by });
