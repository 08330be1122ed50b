/**
 * Someone stops the execution: no further state of it runs, so that what it launched must be swept up from outside.
 * With a duration, a new execution resumes the job so much later.
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_StopExecution.html
 */
import { StopExecutionCommand } from "@aws-sdk/client-sfn";
import { seconds } from "../../time/clock";
import type { Injector } from "../target";

export function stopExecutionInjector(resolutionSeconds: number): Injector {
  return {
    resolutionSeconds,
    async inject({ clients, clock, executionArn, fault, struck, resume }) {
      if (executionArn === undefined) return { status: "missed", reason: "no execution ran" };
      await clients.sfn.send(new StopExecutionCommand({ executionArn, error: "Spotproof.Stopped", cause: "The scenario stops this execution." }));
      struck();
      if (fault.durationSeconds === undefined) return { status: "completed" };
      await clock.sleep(seconds(fault.durationSeconds));
      await resume();
      return { status: "completed" };
    },
  };
}
