/**
 * Someone starts the job once more, by its jobId: while an execution of it runs, or after that has ended.
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
 */
import type { Injector } from "../target";

export function startExecutionInjector(resolutionSeconds: number): Injector {
  return {
    resolutionSeconds,
    async inject({ startAgain, struck }) {
      await startAgain();
      struck();
      return { status: "completed" };
    },
  };
}
