/**
 * The instance is gone from one moment to the next: TerminateInstances with SkipOsShutdown, so that its operating system
 * gets no signal. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TerminateInstances.html
 */
import { TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import type { Injector } from "../target";

export function vanishInjector(resolutionSeconds: number): Injector {
  return {
    resolutionSeconds,
    async inject({ clients, instanceId, struck }) {
      if (instanceId === undefined) return { status: "missed", reason: "there was no instance" };
      const { TerminatingInstances: changes } = await clients.ec2.send(new TerminateInstancesCommand({ InstanceIds: [instanceId], SkipOsShutdown: true }));
      const before = changes?.[0]?.PreviousState?.Name;
      if (before === "shutting-down" || before === "terminated") return { status: "missed", reason: `${instanceId} was ${before} already` };
      struck();
      return { status: "completed" };
    },
  };
}
