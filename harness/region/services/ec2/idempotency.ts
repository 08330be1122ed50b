/**
 * Client tokens: the same token with the same parameters gets the first call's answer, with other ones an error.
 * https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html
 */
import { ec2Error } from "./errors";
import type { Wire } from "./input";

export class Idempotency {
  private readonly calls = new Map<string, { parameters: string; answer: Promise<unknown> }>();

  /**
   * Runs `body` once for a token. A call that throws is forgotten, so that it can be tried again.
   * @throws AwsError IdempotentParameterMismatch
   */
  async once<T>(operation: string, token: string | undefined, input: Wire, body: () => Promise<T> | T): Promise<T> {
    if (!token) return body();
    if (token.length > 64) throw ec2Error("InvalidParameterValue", "The client token may have at most 64 characters.");
    const key = `${operation} ${token}`;
    const parameters = canonical({ ...input, ClientToken: undefined });
    const earlier = this.calls.get(key);
    if (earlier) {
      if (earlier.parameters !== parameters) {
        throw ec2Error("IdempotentParameterMismatch", "Arguments on this idempotent request are inconsistent with arguments used in previous request(s).");
      }
      return earlier.answer as Promise<T>;
    }
    const answer = (async () => body())();
    this.calls.set(key, { parameters, answer });
    try {
      return await answer;
    } catch (error) {
      this.calls.delete(key);
      throw error;
    }
  }
}

/** JSON with members in one order. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(",")}}`;
  }
  return JSON.stringify(value) ?? "null";
}
