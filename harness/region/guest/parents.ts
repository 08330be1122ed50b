/**
 * Pre-imported Python parents that are kept for the next host: one costs half a second to start, and runs of scenarios follow each
 * other in one process. An idle one does not keep this process alive, ends soon after nobody has wanted it, and ends with this
 * process in any case.
 */
import { everyRealMilliseconds } from "../../time/system-clock";
import { resolvePython } from "./python";
import { Zygote, type ParentKind } from "./zygote";

/** How long an idle one is kept, in real seconds. */
const IDLE_SECONDS = 10;

interface Parentage { python: string | undefined; kind: ParentKind }

const idle = new Map<Zygote, Parentage & { stopTimer(): void }>();
const parentages = new WeakMap<Zygote, Parentage>();

/** The interpreter's path: the one given, or else the one that is found. Throws UsageError when there is no fit one. */
export const pythonFor = (python: string | undefined): Promise<string> => (python === undefined ? resolvePython() : Promise.resolve(python));

/** One that nobody else uses. */
export function borrowParent(python: string | undefined, kind: ParentKind): Zygote {
  for (const [zygote, entry] of idle) {
    if (entry.python !== python || entry.kind !== kind) continue;
    idle.delete(zygote);
    entry.stopTimer();
    if (!zygote.isFit) {
      void zygote.close();
      continue;
    }
    zygote.keepAlive(true);
    return zygote;
  }
  const zygote = new Zygote(() => pythonFor(python), kind);
  parentages.set(zygote, { python, kind });
  return zygote;
}

/** Its user has ended all that it had forked. */
export async function giveBack(zygote: Zygote): Promise<void> {
  zygote.onExit = zygote.onFork = () => undefined;
  if (!zygote.isStarted || !zygote.isFit) return zygote.close();
  keep(zygote);
}

/** Starts one in the background for the first host on virtual time to come, as early as anybody knows that there will be guests. Errors are met by that host. */
export function prewarmGuests(python?: string): void {
  const zygote = borrowParent(python, "turns");
  zygote.start().then(() => zygote.keepAlive(idle.has(zygote) ? false : true), () => undefined);
  keep(zygote);
}

/** Ends those that nobody uses. */
export async function endIdleParents(): Promise<void> {
  const all = [...idle];
  idle.clear();
  for (const [zygote, { stopTimer }] of all) {
    stopTimer();
    await zygote.close();
  }
}

function keep(zygote: Zygote): void {
  zygote.keepAlive(false);
  const stopTimer = everyRealMilliseconds(IDLE_SECONDS * 1000, () => {
    stopTimer();
    if (idle.delete(zygote)) void zygote.close();
  });
  idle.set(zygote, { ...parentages.get(zygote)!, stopTimer });
}
