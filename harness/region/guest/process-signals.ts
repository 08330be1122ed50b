/** Real signals to real processes. */

/** No effect when the process has gone meanwhile. */
export function signalProcess(pid: number | undefined, signal: NodeJS.Signals | number): void {
  try {
    if (pid !== undefined) process.kill(pid, signal);
  } catch {
    // It has gone meanwhile.
  }
}

/** Stopped first, all of them, so that none lives to see another's end. */
export function endAtOnce(pids: readonly number[]): void {
  for (const signal of ["SIGSTOP", "SIGKILL"] as const) for (const pid of pids) signalProcess(pid, signal);
}
