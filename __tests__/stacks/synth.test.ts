import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { synthesize } from "../../main";
import { contents, FIXTURE, PROJECT, removeSynthesized, STACKS, strings, synthesized, type Synthesized } from "./synthesized";

/* eslint-disable @typescript-eslint/no-explicit-any */

let plain: Synthesized;
beforeAll(() => { plain = synthesized(); });
afterAll(removeSynthesized);

const resources = (document: any): { type: string; id: string; resource: any }[] =>
  Object.entries<any>(document.resource).flatMap(([type, byId]) => Object.entries<any>(byId).map(([id, resource]) => ({ type, id, resource })));

describe("golden copies", () => {
  /** `UPDATE_GOLDEN=1 npx jest __tests__/stacks/synth` writes them anew; read the difference before you commit it. */
  const update = process.env["UPDATE_GOLDEN"] === "1";

  const cases: [string, Record<string, string>][] = [
    ["default", {}],
    ["subnets", {
      SPOTPROOF_NAME: "nightly", SPOTPROOF_REGION: "eu-west-1", SPOTPROOF_VPC_ID: "vpc-01234567", SPOTPROOF_SUBNET_IDS: "subnet-01234567,subnet-89abcdef", SPOTPROOF_SECURITY_GROUP_IDS: "sg-01234567",
      SPOTPROOF_AMI_ID: "ami-0123456789abcdef0", SPOTPROOF_JOB_COMMAND: "./run.sh", SPOTPROOF_JOB_ARTIFACT: "s3://artifacts/job.tar.gz", SPOTPROOF_SPOT_MAX_PRICE: "0.1",
      SPOTPROOF_KMS_KEY_ARN: "arn:aws:kms:eu-west-1:123456789012:key/01234567-0123-0123-0123-0123456789ab", SPOTPROOF_ALARM_TOPIC_ARN: "arn:aws:sns:eu-west-1:123456789012:alarms",
      SPOTPROOF_DELETION_PROTECTION: "false", SPOTPROOF_STATE_BUCKET: "state", SPOTPROOF_TAGS: "team=batch", SPOTPROOF_LOG_EXECUTION_DATA: "true",
    }],
  ];
  it.each(cases.flatMap(([name, knobs]) => STACKS.map((stack) => [name, stack, knobs] as const)))("%s, %s", (name, stack, knobs) => {
    const text = `${JSON.stringify(readable((name === "default" ? plain : synthesized(FIXTURE, knobs))[stack]), null, 2)}\n`;
    const path = join(__dirname, "golden", `${name}.${stack}.json`);
    if (update) {
      mkdirSync(join(__dirname, "golden"), { recursive: true });
      writeFileSync(path, text);
    }
    if (!existsSync(path)) throw new Error(`${path} is missing; make it with UPDATE_GOLDEN=1 npx jest __tests__/stacks/synth`);
    expect(text).toBe(readFileSync(path, "utf8"));
  });

  /** JSON within strings is opened, so that a difference can be read; user data is shown line by line. */
  function readable(value: any): any {
    if (typeof value === "string") {
      const bare = value.replace(/"places":\$\{([^}]*)\}/, (_all, expression) => `"places":${JSON.stringify(`\${${expression}}`)}`);
      if (/^\{.*\}$/s.test(bare)) {
        try {
          return { "(JSON)": JSON.parse(bare) };
        } catch {
          return value;
        }
      }
      const userData = plainUserData(value);
      return userData === undefined ? value : { "(base64)": userData.split("\n") };
    }
    if (Array.isArray(value)) return value.map(readable);
    if (typeof value === "object" && value !== null) return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, readable(each)]));
    return value;
  }
});

/** The text of user data that Terraform encodes; undefined for other strings. */
function plainUserData(text: string): string | undefined {
  const literal = /^\$\{base64encode\((".*")\)\}$/s.exec(text)?.[1];
  return literal === undefined ? undefined : (JSON.parse(literal) as string);
}

describe("the synthesized Terraform", () => {
  it("is the same, byte for byte, each time", () => {
    expect(contents(synthesized().folder)).toEqual(contents(plain.folder));
  });

  it("does not name the folder that it was made in", () => {
    for (const stack of STACKS) expect(JSON.stringify(plain[stack])).not.toContain(PROJECT);
  });

  it("refers to resources and data plainly, with jsonencode and join as the only functions, and base64encode around the user data", () => {
    const reference = String.raw`(data\.)?aws_[a-z0-9_]+\.[a-z0-9_]+(\.[a-z0-9_]+)+(\[0\])?`;
    const allowed = new RegExp(String.raw`^(${reference}|jsonencode\(${reference}\)|join\("[^"]*", ${reference}\))$`);
    for (const stack of STACKS) {
      const expressions = strings(plain[stack]).flatMap(({ path, text }) => [...(plainUserData(text) ?? text).matchAll(/(?<!\$)\$\{([^}]*)\}/g)].map((match) => ({ path, expression: match[1]! })));
      expect(expressions.length).toBeGreaterThan(20);
      expect(expressions.filter(({ expression }) => !allowed.test(expression))).toEqual([]);
      expect(strings(plain[stack]).filter(({ text }) => /%\{/.test(text))).toEqual([]);
    }
  });

  it("refers only to what is there", () => {
    for (const stack of STACKS) {
      const document = plain[stack];
      for (const { text } of strings(document)) {
        for (const [, data, type, id] of (plainUserData(text) ?? text).matchAll(/\$\{(?:[a-z]+\((?:"[^"]*", )?)?(data\.)?(aws_[a-z0-9_]+)\.([a-z0-9_]+)/g)) {
          expect((data === undefined ? document.resource : document.data)[type!]).toHaveProperty(id!);
        }
      }
    }
  });

  it("tags everything that has tags", () => {
    const taggable = /^aws_(cloudwatch_event_rule|cloudwatch_log_group|cloudwatch_metric_alarm|dynamodb_table|fis_experiment_template|iam_instance_profile|iam_policy|iam_role|lambda_function|launch_template|s3_bucket|security_group|sfn_state_machine|sqs_queue)$/;
    const { job, faults } = synthesized(FIXTURE, { SPOTPROOF_TAGS: "team=batch" });
    const tagged = [...resources(job), ...resources(faults)].filter(({ type }) => taggable.test(type));
    expect(tagged.length).toBeGreaterThan(20);
    for (const { resource } of tagged) expect(resource.tags).toMatchObject({ "spotproof:name": "spotproof", team: "batch" });
    for (const { resource_type: type, tags } of job.resource.aws_launch_template.template.tag_specifications) {
      expect([type, tags]).toEqual([expect.stringMatching(/^(volume|network-interface)$/), { "spotproof:name": "spotproof", team: "batch" }]);
    }
  });

  it("encrypts and protects what it keeps, and lets logs expire", () => {
    const { resource } = plain.job;
    expect(resource.aws_dynamodb_table.ledger).toMatchObject({ server_side_encryption: { enabled: true }, deletion_protection_enabled: true, point_in_time_recovery: { enabled: true } });
    expect(resource.aws_s3_bucket.checkpoints.force_destroy).toBe(false);
    expect(Object.values<any>(resource.aws_s3_bucket_public_access_block)[0]).toMatchObject({ block_public_acls: true, block_public_policy: true, ignore_public_acls: true, restrict_public_buckets: true });
    expect(resource.aws_sqs_queue.watcher_dead_letters.sqs_managed_sse_enabled).toBe(true);
    const groups = [...resources(plain.job), ...resources(plain.faults)].filter(({ type }) => type === "aws_cloudwatch_log_group");
    expect(groups.map(({ resource: group }) => group.retention_in_days)).toEqual([30, 30, 30, 30, 30]);
    const open = synthesized(FIXTURE, { SPOTPROOF_DELETION_PROTECTION: "false" }).job.resource;
    expect([open.aws_dynamodb_table.ledger.deletion_protection_enabled, open.aws_s3_bucket.checkpoints.force_destroy]).toEqual([false, true]);
  });

  it("keeps each version of the agent for the executions that began with it, and launches nothing before it is there", () => {
    const { resource } = plain.job;
    expect(resource.aws_s3_bucket_versioning.agent_versioning.versioning_configuration.status).toBe("Enabled");
    expect(resource.aws_s3_object.agent_archive).toMatchObject({ key: "agent.zip", source_hash: expect.stringMatching(/^[0-9a-f]{64}$/), depends_on: ["aws_s3_bucket_versioning.agent_versioning"] });
    const [rule, ...more] = resource.aws_s3_bucket_lifecycle_configuration.agent_lifecycle.rule;
    expect([rule.noncurrent_version_expiration, rule.expiration, more]).toEqual([[{ noncurrent_days: 366 }], undefined, []]);
    const userData = plainUserData(resource.aws_launch_template.template.user_data)!;
    expect(userData).toContain("SPOTPROOF_AGENT_VERSION=${aws_s3_object.agent_archive.version_id}\n");
  });

  it("makes instances that only IMDSv2 reaches, that end when they shut down, on an encrypted disk", () => {
    expect(plain.job.resource.aws_launch_template.template).toMatchObject({
      metadata_options: { http_endpoint: "enabled", http_tokens: "required", http_put_response_hop_limit: 1, instance_metadata_tags: "enabled" },
      instance_initiated_shutdown_behavior: "terminate",
      block_device_mappings: [{ device_name: "/dev/xvda", ebs: { encrypted: "true", volume_type: "gp3", delete_on_termination: "true" } }],
    });
    expect(plain.job.resource.aws_launch_template.template).not.toHaveProperty("instance_market_options");
    expect(plain.job.resource.aws_security_group.instance_security_group).not.toHaveProperty("ingress");
  });

  it("puts out what the harness needs to find its way", () => {
    expect(Object.keys(plain.job.output).sort()).toEqual(["checkpoint_bucket", "ledger_table", "metrics_namespace", "name", "permission_reasons", "state_machine_arn"]);
    expect(Object.keys(plain.faults.output).sort()).toEqual(["armed_tag_key", "armed_tag_value", "interrupt_template_id", "no_capacity_template_id", "permission_reasons", "runner_policy_arn", "terminate_template_id"]);
    expect(plain.faults.output.armed_tag_key.value).toBe("spotproof:armed");
  });

  it("strikes only running instances that are armed, one at a time, and stops at an alarm", () => {
    const { interrupt, terminate, no_capacity: noCapacity } = plain.faults.resource.aws_fis_experiment_template;
    for (const [template, type, key] of [[interrupt, "aws:ec2:spot-instance", "SpotInstances"], [terminate, "aws:ec2:instance", "Instances"]] as const) {
      expect(template.target).toEqual([{
        name: "armed", resource_type: type, selection_mode: "COUNT(1)", resource_tag: [{ key: "spotproof:armed", value: "spotproof" }], filter: [{ path: "State.Name", values: ["running"] }],
      }]);
      expect(template.action[0].target).toEqual({ key, value: "armed" });
    }
    for (const template of [interrupt, terminate, noCapacity]) expect(template.stop_condition[0].source).toBe("aws:cloudwatch:alarm");
    expect(noCapacity.target[0].resource_arns[0]).toMatch(/:role\/spotproof-state-machine$/);
  });

  it("hears of executions of its own machine alone", () => {
    const { execution_ended: rule } = plain.job.resource.aws_cloudwatch_event_rule;
    expect(JSON.parse(rule.event_pattern)).toEqual({
      source: ["aws.states"], "detail-type": ["Step Functions Execution Status Change"],
      detail: { status: ["SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"], stateMachineArn: ["${aws_sfn_state_machine.machine.arn}"] },
    });
    for (const { rule: name } of Object.values<any>(plain.job.resource.aws_cloudwatch_event_target)) expect(name).toMatch(/^\$\{aws_cloudwatch_event_rule\.[a-z_]+\.name\}$/);
  });
});

describe("Terraform itself", () => {
  const TERRAFORM = spawnSync("terraform", ["version"], { encoding: "utf8" });

  it.each(STACKS)("accepts the %s stack with the real AWS provider", (stack) => {
    if (TERRAFORM.error !== undefined) throw new Error("terraform is not on the PATH; install version 1.5 or newer: https://developer.hashicorp.com/terraform/install");
    const cwd = join(synthesized(PROJECT).folder, "stacks", stack);
    const cache = join(PROJECT, ".cache", "terraform-plugins");
    mkdirSync(cache, { recursive: true });
    const run = (...options: string[]): string => {
      const { status, stdout, stderr } = spawnSync("terraform", [...options, "-no-color"], { cwd, encoding: "utf8", env: { ...process.env, CHECKPOINT_DISABLE: "1", TF_PLUGIN_CACHE_DIR: process.env["TF_PLUGIN_CACHE_DIR"] ?? cache, TF_IN_AUTOMATION: "1" } });
      if (status !== 0) throw new Error(`terraform ${options[0]} failed in ${stack}:\n${stderr}${stdout}`);
      return stdout;
    };
    run("init", "-backend=false", "-input=false");
    expect(run("validate")).toContain("The configuration is valid");
  }, 180_000);
});

describe("npm run synth", () => {
  const synth = (environment: Record<string, string>) =>
    spawnSync(process.execPath, ["-r", "./harness/register.js", "main.ts"], { cwd: PROJECT, encoding: "utf8", env: { ...process.env, CDKTF_OUTDIR: join(plain.folder, "cli"), ...environment } });

  it("says in one line what it made, and where", () => {
    expect(synth({})).toMatchObject({ status: 0, stdout: expect.stringMatching(/^Synthesized the stacks job and faults into \S+cli\.\n$/), stderr: "" });
    expect(existsSync(join(plain.folder, "cli", "stacks", "job", "cdk.tf.json"))).toBe(true);
  });

  it("writes what `cdktf synth` writes", () => {
    const environment = { ...process.env, CHECKPOINT_DISABLE: "1", CI: "1" };
    const { status, stdout, stderr } = spawnSync(join(PROJECT, "node_modules", ".bin", "cdktf"), ["synth", "-o", join(plain.folder, "cdktf")], { cwd: PROJECT, encoding: "utf8", env: environment });
    if (status !== 0) throw new Error(`cdktf synth failed:\n${stderr}${stdout}`);
    expect(contents(join(plain.folder, "cdktf"))).toEqual(contents(synthesized(PROJECT).folder));
  }, 60_000);

  it("leaves no assets of earlier sources behind", () => {
    const stale = join(plain.folder, "stacks", "job", "assets", "watcher_code", "0", "watcher.zip");
    mkdirSync(join(stale, ".."), { recursive: true });
    writeFileSync(stale, "");
    synthesize(FIXTURE, {}, plain.folder);
    expect(existsSync(stale)).toBe(false);
  });

  it("ends with 2 and one message, without a stack trace, when a knob is wrong", () => {
    expect(synth({ SPOTPROOF_HEARTBEAT_SECONDS: "5" })).toMatchObject({
      status: 2, stdout: "",
      stderr: 'spotproof: cannot synthesize:\nheartbeatSeconds: "5" (from the environment, SPOTPROOF_HEARTBEAT_SECONDS) is not allowed; it must be a whole number from 60 to 1800\n',
    });
  });
});
