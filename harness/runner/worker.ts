/** A worker process: carries out one run after the other, as the command line hands them out. Its argument is the target's kind. */
import { Interrupted, UsageError } from "../model/errors";
import { wallSeconds } from "../time/system-clock";
import type { FromWorker, ToWorker } from "./messages";
import { coolDown, warmUp } from "./warmth";

/** Progress is sent at most so often, in real seconds. */
const PROGRESS_SECONDS = 0.1;
/** As a shell says it: 128 + SIGINT. */
const EXIT_INTERRUPTED = 130;

const interruption = new AbortController();
let running: Promise<void> | undefined;
const kind = process.argv[2] === "aws" ? "aws" : "local";

const send = (message: FromWorker): Promise<void> => new Promise((resolve) => {
  if (process.connected) process.send!(message, () => resolve());
  else resolve();
});

async function carryOut({ run, spec }: Extract<ToWorker, { type: "run" }>): Promise<void> {
  // Loaded after the warm-up has begun.
  const { execute } = require("./execute") as typeof import("./execute");
  let toldAt = -Infinity;
  try {
    const executed = await execute(run, spec, {
      signal: interruption.signal,
      onProgress(progress) {
        if (wallSeconds() - toldAt < PROGRESS_SECONDS) return;
        toldAt = wallSeconds();
        void send({ type: "progress", progress });
      },
    });
    await send({ type: "done", executed });
  } catch (error) {
    if (error instanceof Interrupted) return;
    if (error instanceof UsageError) return void (await send({ type: "usage", message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) }));
    throw error;
  }
}

async function stop(): Promise<void> {
  interruption.abort();
  await running?.catch(() => undefined);
  await coolDown(kind);
  process.exit(EXIT_INTERRUPTED);
}

process.on("message", (message: ToWorker) => {
  if (message.type === "stop") void stop();
  else running = carryOut(message);
});
// The terminal sends Ctrl-C to every process; the command line says what is to be done about it.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => void stop());
process.on("disconnect", () => void stop());
warmUp(kind);
void send({ type: "ready" });
