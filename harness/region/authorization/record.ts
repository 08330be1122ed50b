/** What was asked and decided, added up: the evidence from which unused and missing permissions are told. */
import type { PermissionRecord, PermissionRefusal, PermissionUse, StatementRef } from "../../model/permissions";

export class PermissionLog {
  readonly #uses = new Map<string, PermissionUse>();
  readonly #refusals = new Map<string, PermissionRefusal>();

  use(principal: string, action: string, resource: string, statement: StatementRef): void {
    const key = `${principal}\n${action}\n${resource}\n${statement.policy}\n${statement.index}`;
    const known = this.#uses.get(key);
    if (known) known.count++;
    else this.#uses.set(key, { principal, action, resource, statement, count: 1 });
  }

  /** A service that was refused and then let itself in, as log delivery does, lacks nothing. */
  withdraw(principal: string, action: string, resource: string, sourceArn: string): void {
    this.#refusals.delete(`${principal}\n${action}\n${resource}\n${sourceArn}`);
  }

  /** @param sourceArn on whose behalf a service asked */
  refusal(refusal: Omit<PermissionRefusal, "count">, sourceArn = ""): void {
    const key = `${refusal.principal}\n${refusal.action}\n${refusal.resource}\n${sourceArn}`;
    const known = this.#refusals.get(key);
    if (known) known.count++;
    else this.#refusals.set(key, { ...refusal, count: 1 });
  }

  read(): Pick<PermissionRecord, "uses" | "refusals"> {
    return { uses: [...this.#uses.values()], refusals: [...this.#refusals.values()] };
  }
}
