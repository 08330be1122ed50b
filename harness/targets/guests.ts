/**
 * What local runs of one process share: the process from which guests are forked, which takes a moment to start (it loads
 * boto3). Started while other things are prepared, ended with the process.
 */
import { endIdleParents, prewarmGuests } from "../region/guest";

/** Begins to start it; what goes wrong is told by the first guest. */
export const warmUpGuests = (): void => prewarmGuests();

/** Ends it, and waits until it and its folder are gone. Never rejects. */
export const releaseGuests = (): Promise<void> => endIdleParents().catch(() => undefined);
