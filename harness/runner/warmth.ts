/** What takes its time to start and is shared by the runs of one process: begun before anything else is loaded. */
import type { TargetKind } from "../targets/target";

// Loaded for a local target only, and without the rest of the region.
const guests = () => require("../targets/guests") as typeof import("../targets/guests");

/** Begins it; what goes wrong is told by the run that needs it. */
export function warmUp(kind: TargetKind): void {
  if (kind === "local") guests().warmUpGuests();
}

/** Ends what the runs in this process have left for the next one. To be awaited before the process ends. */
export async function coolDown(kind: TargetKind): Promise<void> {
  if (kind === "local") await guests().releaseGuests();
}
