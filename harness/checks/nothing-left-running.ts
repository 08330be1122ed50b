/** When the run is over no instance of it runs. */
import { fail, pass, worst, type Check } from "./check";

export const nothingLeftRunning: Check = {
  name: "nothing-left-running",
  run(history) {
    return worst(history.finals.map((final) => {
      const left = final.instances.filter((instance) => instance.state !== "terminated");
      return left.length === 0 ? pass("") : fail(`every instance of ${final.job} to be terminated`, left.map((instance) => `${instance.instanceId} is ${instance.state}`).join(", "), history.virtualSeconds);
    }), "every instance is terminated");
  },
};
