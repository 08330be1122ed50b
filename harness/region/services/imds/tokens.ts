/** Session tokens: valid for as long as was asked for, 1 s to 6 h. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-v2-how-it-works.html */
import { seconds, toSeconds, type Clock, type Microseconds, type Random } from "../../../time/clock";

const MOST_SECONDS = 21600;
/** Expired tokens are swept out whenever so many are held. */
const SWEEP_AT = 256;

export class Tokens {
  private readonly expiries = new Map<string, Microseconds>();

  constructor(private readonly clock: Clock, private readonly random: Random) {}

  /** A new token; undefined when the time to live is missing or not allowed. */
  issue(ttl: string | undefined): { token: string; ttlSeconds: number } | undefined {
    if (ttl === undefined || !/^\d{1,5}$/.test(ttl)) return undefined;
    const ttlSeconds = Number(ttl);
    if (ttlSeconds < 1 || ttlSeconds > MOST_SECONDS) return undefined;
    if (this.expiries.size >= SWEEP_AT) this.sweep();
    const token = `${this.random.bytes(40).toString("base64url")}==`;
    this.expiries.set(token, this.clock.now() + seconds(ttlSeconds));
    return { token, ttlSeconds };
  }

  isValid(token: string): boolean {
    const expiry = this.expiries.get(token);
    return expiry !== undefined && this.clock.now() < expiry;
  }

  /** How long a valid token still holds, in whole seconds. */
  secondsLeft(token: string): number {
    return Math.max(0, Math.floor(toSeconds((this.expiries.get(token) ?? 0) - this.clock.now())));
  }

  private sweep(): void {
    const now = this.clock.now();
    for (const [token, expiry] of this.expiries) if (expiry <= now) this.expiries.delete(token);
  }
}
