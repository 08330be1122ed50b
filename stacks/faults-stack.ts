/** The `faults` stack: experiments, only where experiments are allowed. It knows the job stack by its names alone. */
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { Config } from "./knobs";
import { prepareStack } from "./constructs/context";
import { experiments } from "./constructs/experiments";
import { runnerPolicy } from "./constructs/runner-policy";
import { output } from "./job-stack";
import { TAG } from "./names";

export class FaultsStack extends TerraformStack {
  constructor(scope: Construct, config: Config) {
    super(scope, "faults");
    const context = prepareStack(this, config);
    const templates = experiments(context);
    const policy = runnerPolicy(context, templates);

    output(this, "interrupt_template_id", templates.interrupt.id, "Spot interruption of the armed instance");
    output(this, "terminate_template_id", templates.terminate.id, "Termination of the armed instance");
    output(this, "no_capacity_template_id", templates.noCapacity.id, "No capacity for the state machine's launches");
    output(this, "runner_policy_arn", policy.arn, "Attach it to whoever runs the harness");
    output(this, "armed_tag_key", TAG.armed, "Tag that arms an instance");
    output(this, "armed_tag_value", config.name, "Its value");
    output(this, "permission_reasons", JSON.stringify(context.reasons), "Why the runner may do what no scenario needs: POLICY/SID/ACTION to the reason");
  }
}
