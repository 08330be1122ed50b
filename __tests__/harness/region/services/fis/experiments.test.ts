import { ListExperimentResolvedTargetsCommand, ListExperimentsCommand, StartExperimentCommand, StopExperimentCommand } from "@aws-sdk/client-fis";
import { createTemplate, describe as describeInstance, launch, refusal, sleep, spotRequest } from "../ec2/support";
import { actionStates, ARMED, armed, createExperimentTemplate, createRole, get, INTERRUPT, start, stateOf, WAIT, withFis, type FisTest } from "./support";

describe("an experiment", () => {
  it("goes from initiating to running to completed and tells EventBridge of each", () => withFis(async (test) => {
    const id = await start(test, WAIT);
    expect(await stateOf(test, id)).toBe("initiating: Experiment is initiating.");
    expect(await actionStates(test, id)).toEqual({ wait: "pending" });
    await sleep(test, 2);
    expect(await stateOf(test, id)).toBe("running: Experiment is running.");
    expect(await actionStates(test, id)).toEqual({ wait: "running" });
    await sleep(test, 60);
    expect(await stateOf(test, id)).toBe("completed: Experiment completed.");
    const { actions, startTime, endTime } = await get(test, id);
    expect(actions!["wait"]!.state).toEqual({ status: "completed", reason: "Action was completed." });
    expect((endTime!.getTime() - startTime!.getTime()) / 1000).toBe(61);
    const told = test.rawEvents.filter(({ source }) => source === "aws.fis").map(({ detail }) => (detail["new-state"] as { status: string }).status);
    expect(told).toEqual(["running", "completed"]);
  }));

  it("starts actions after those before them, others at once", () => withFis(async (test) => {
    const wait = (duration: string, ...startAfter: string[]) => ({ actionId: "aws:fis:wait", parameters: { duration }, ...(startAfter.length > 0 ? { startAfter } : {}) });
    const id = await start(test, { actions: { a: wait("PT1M"), b: wait("PT2M"), c: wait("PT1M", "a"), d: wait("PT1M", "a", "b") } });
    await sleep(test, 30);
    expect(await actionStates(test, id)).toEqual({ a: "running", b: "running", c: "pending", d: "pending" });
    await sleep(test, 60);
    expect(await actionStates(test, id)).toEqual({ a: "completed", b: "running", c: "running", d: "pending" });
    await sleep(test, 60);
    expect(await actionStates(test, id)).toEqual({ a: "completed", b: "completed", c: "completed", d: "running" });
    await sleep(test, 60);
    expect(await stateOf(test, id)).toBe("completed: Experiment completed.");
  }));

  it("fails on an empty target and does nothing", () => withFis(async (test) => {
    const id = await start(test, INTERRUPT);
    await sleep(test, 5);
    expect(await stateOf(test, id)).toBe("failed: Target resolution returned empty set");
    expect(await actionStates(test, id)).toEqual({ interrupt: "cancelled" });
  }));

  it("skips actions whose target is empty, when told to, and goes on with the others", () => withFis(async (test) => {
    const id = await start(test, {
      ...INTERRUPT, experimentOptions: { emptyTargetResolutionMode: "skip" },
      actions: { ...INTERRUPT.actions, after: { actionId: "aws:fis:wait", parameters: { duration: "PT1M" }, startAfter: ["interrupt"] } },
    });
    await sleep(test, 5);
    expect(await actionStates(test, id)).toEqual({ interrupt: "skipped", after: "running" });
    await sleep(test, 60);
    expect(await stateOf(test, id)).toBe("completed: Experiment completed.");
  }));

  it("fails when its role cannot be taken on", () => withFis(async (test) => {
    const id = await start(test, { ...WAIT, roleArn: "arn:aws:iam::123456789012:role/nobody" });
    await sleep(test, 5);
    expect(await stateOf(test, id)).toMatch(/^failed: Unable to assume the role arn:aws:iam::123456789012:role\/nobody/);
  }));

  it("stops when asked: running actions stop, others are cancelled; one that is over cannot be stopped", () => withFis(async (test) => {
    const id = await start(test, { actions: { ...WAIT.actions, next: { actionId: "aws:fis:wait", parameters: { duration: "PT1M" }, startAfter: ["wait"] } } });
    await sleep(test, 20);
    const { experiment } = await test.fis.send(new StopExperimentCommand({ id }));
    expect(experiment!.state!.status).toBe("stopping");
    await sleep(test, 1);
    expect(await stateOf(test, id)).toBe("stopped: Experiment stopped.");
    expect(await actionStates(test, id)).toEqual({ wait: "stopped", next: "cancelled" });
    expect(await refusal(test.fis.send(new StopExperimentCommand({ id })))).toBe(`ValidationException: Experiment ${id} cannot be stopped: it is in the state stopped.`);
  }));

  it("runs once under a client token", () => withFis(async (test) => {
    const experimentTemplateId = await createExperimentTemplate(test, WAIT);
    const begin = async () => (await test.fis.send(new StartExperimentCommand({ experimentTemplateId, clientToken: "one" }))).experiment!.id;
    expect(await begin()).toBe(await begin());
    expect((await test.fis.send(new ListExperimentsCommand({}))).experiments).toHaveLength(1);
  }));
});

describe("its targets", () => {
  const resolved = async (test: FisTest, id: string): Promise<string[]> =>
    (await test.fis.send(new ListExperimentResolvedTargetsCommand({ experimentId: id }))).resolvedTargets!.map(({ targetInformation }) => targetInformation!["arn"]!.split("/")[1]!);
  const terminate = (target: object) => ({ targets: { them: { resourceType: "aws:ec2:instance", selectionMode: "ALL", ...target } }, actions: { terminate: { actionId: "aws:ec2:terminate-instances", targets: { Instances: "them" } } } });

  it.each([["ALL", 4], ["COUNT(3)", 3], ["COUNT(9)", 4], ["PERCENT(50)", 2], ["PERCENT(30)", 1]])("are chosen by %s", (selectionMode, count) => withFis(async (test) => {
    await createTemplate(test);
    const ids = await launch(test, { target: 4, tags: ARMED });
    await launch(test, { target: 2 });
    const id = await start(test, terminate({ resourceTags: ARMED, selectionMode }));
    await sleep(test, 5);
    const chosen = await resolved(test, id);
    expect(chosen).toHaveLength(count);
    expect(ids).toEqual(expect.arrayContaining(chosen));
  }));

  it("are found by ARN, and by filters on what describes them", () => withFis(async (test) => {
    await createTemplate(test);
    const [a] = await launch(test, { zones: ["us-east-1a"], tags: ARMED });
    const [b] = await launch(test, { zones: ["us-east-1b"], tags: ARMED });
    const byArn = await start(test, terminate({ resourceArns: [`arn:aws:ec2:us-east-1:123456789012:instance/${a}`] }));
    await sleep(test, 5);
    expect(await resolved(test, byArn)).toEqual([a]);
    const byFilter = await start(test, terminate({ resourceTags: ARMED, filters: [{ path: "Placement.AvailabilityZone", values: ["us-east-1b", "us-east-1c"] }, { path: "SecurityGroups.GroupName", values: ["default"] }] }));
    await sleep(test, 5);
    expect(await resolved(test, byFilter)).toEqual([b]);
  }));

  it("of the type Spot Instance are no On-Demand ones", () => withFis(async (test) => {
    await createTemplate(test);
    await launch(test, { lifecycle: "on-demand", tags: ARMED });
    await sleep(test, 60);
    const id = await start(test, INTERRUPT);
    await sleep(test, 5);
    expect(await stateOf(test, id)).toBe("failed: Target resolution returned empty set");
  }));
});

describe("a target that is not there", () => {
  it("fails the experiment when it was named by its ARN, even where empty ones are skipped", () => withFis(async (test) => {
    const id = await start(test, {
      experimentOptions: { emptyTargetResolutionMode: "skip" },
      targets: { it: { resourceType: "aws:ec2:instance", resourceArns: ["arn:aws:ec2:us-east-1:123456789012:instance/i-0123456789abcdef0"], selectionMode: "ALL" } },
      actions: { terminate: { actionId: "aws:ec2:terminate-instances", targets: { Instances: "it" } } },
    });
    await sleep(test, 5);
    expect(await stateOf(test, id)).toBe("failed: Target resolution returned empty set");
  }));
});

describe("its actions", () => {
  it("interrupt a Spot Instance: rebalance at once, notice two minutes before the end, the request's documented codes", () => withFis(async (test) => {
    const instanceId = await armed(test);
    const id = await start(test, { ...INTERRUPT, actions: { interrupt: { ...INTERRUPT.actions!["interrupt"], actionId: "aws:ec2:send-spot-instance-interruptions", parameters: { durationBeforeInterruption: "PT5M" } } } });
    await sleep(test, 10); // 70
    expect((await spotRequest(test, instanceId)).Status!.Code).toBe("fulfilled");
    await sleep(test, 180); // 250
    const marked = await spotRequest(test, instanceId);
    expect([marked.State, marked.Status!.Code]).toEqual(["active", "marked-for-termination"]);
    expect((await describeInstance(test, instanceId)).State!.Name).toBe("running");
    expect(await stateOf(test, id)).toBe("running: Experiment is running.");
    await sleep(test, 120); // 370
    const over = await spotRequest(test, instanceId);
    expect([over.State, over.Status!.Code]).toEqual(["closed", "instance-terminated-by-experiment"]);
    const gone = await describeInstance(test, instanceId);
    expect([gone.State!.Name, gone.StateReason!.Code]).toEqual(["terminated", "Server.SpotInstanceTermination"]);
    expect(await stateOf(test, id)).toBe("completed: Experiment completed.");
    expect(test.events.slice(3)).toEqual([
      "FIS Experiment State Change @61", "Instance Rebalance Recommendation @61", "Spot Instance Interruption Warning @241", "Instance State-change Notification shutting-down @361",
      "FIS Experiment State Change @361", "Instance State-change Notification terminated @365",
    ]);
    expect(test.guests.all[0]!.calls).toEqual(["boot @45", "shutdown(10) @361", "off @364"]);
  }));

  it("terminate instances by a call of the experiment's role", () => withFis(async (test) => {
    const instanceId = await armed(test);
    const id = await start(test, { targets: { them: { resourceType: "aws:ec2:instance", resourceTags: ARMED, selectionMode: "ALL" } }, actions: { terminate: { actionId: "aws:ec2:terminate-instances", targets: { Instances: "them" } } } });
    await sleep(test, 2);
    expect((await describeInstance(test, instanceId)).State!.Name).toBe("shutting-down");
    expect(await stateOf(test, id)).toBe("completed: Experiment completed.");
  }));

  it("withhold capacity from a role for a time, or until the experiment is stopped", () => withFis(async (test) => {
    await createTemplate(test);
    const launcher = await createRole(test, "launcher", "states.amazonaws.com");
    const { caller } = test.region.assumeRole(launcher, "test", { service: "states.amazonaws.com" });
    const launches = async (): Promise<number> => (await test.region.call<{ Instances: object[] }>(caller, "ec2", "CreateFleet", {
      Type: "instant", TargetCapacitySpecification: { TotalTargetCapacity: 1, DefaultTargetCapacityType: "spot" },
      LaunchTemplateConfigs: [{ LaunchTemplateSpecification: { LaunchTemplateName: "job", Version: "1" }, Overrides: [{ AvailabilityZone: "us-east-1a" }] }],
    })).Instances.length;
    const input = {
      targets: { role: { resourceType: "aws:iam:role", resourceArns: [launcher], selectionMode: "ALL" } },
      actions: { none: { actionId: "aws:ec2:api-insufficient-instance-capacity-error", parameters: { duration: "PT3M", percentage: "100", availabilityZoneIdentifiers: "us-east-1a,us-east-1b" }, targets: { Roles: "role" } } },
    };
    expect(await launches()).toBe(1);
    const id = await start(test, input);
    await sleep(test, 2);
    expect(await launches()).toBe(0);
    expect(await refusal(test.region.call(caller, "ec2", "RunInstances", { LaunchTemplate: { LaunchTemplateName: "job" }, MinCount: 1, MaxCount: 1, Placement: { AvailabilityZone: "us-east-1b" } })))
      .toMatch(/^InsufficientInstanceCapacity: We currently do not have sufficient m5.large capacity in the Availability Zone you requested \(us-east-1b\)\./);
    await sleep(test, 180);
    expect(await stateOf(test, id)).toBe("completed: Experiment completed.");
    expect(await launches()).toBe(1);
    const again = await start(test, input);
    await sleep(test, 2);
    expect(await launches()).toBe(0);
    await test.fis.send(new StopExperimentCommand({ id: again }));
    await sleep(test, 1);
    expect(await launches()).toBe(1);
  }));

  it.each([["internal", "InternalError"], ["throttle", "RequestLimitExceeded"], ["unavailable", "Unavailable"]])("inject %s errors into a role's calls", (kind, code) => withFis(async (test) => {
    const { caller } = test.region.assumeRole(test.roleArn, "test", { service: "fis.amazonaws.com" });
    const id = await start(test, {
      targets: { role: { resourceType: "aws:iam:role", resourceArns: [test.roleArn], selectionMode: "ALL" } },
      actions: { errors: { actionId: `aws:fis:inject-api-${kind}-error`, parameters: { duration: "PT1M", percentage: "100", service: "ec2", operations: "DescribeInstances,DescribeVpcs" }, targets: { Roles: "role" } } },
    });
    await sleep(test, 2);
    expect(await refusal(test.region.call(caller, "ec2", "DescribeVpcs", {}))).toMatch(new RegExp(`^${code}: `));
    expect(await refusal(test.region.call(caller, "ec2", "DescribeSubnets", {}))).toBe("accepted");
    expect(await refusal(test.region.call(test.region.admin, "ec2", "DescribeVpcs", {}))).toBe("accepted");
    await sleep(test, 60);
    expect(await stateOf(test, id)).toBe("completed: Experiment completed.");
    expect(await refusal(test.region.call(caller, "ec2", "DescribeVpcs", {}))).toBe("accepted");
  }));
});

describe("its log", () => {
  interface LogRecord { id: string; log_type: string; event_timestamp: string; version: string; details: Record<string, unknown> }
  const toGroup = (logSchemaVersion: number) => ({ logSchemaVersion, cloudWatchLogsConfiguration: { logGroupArn: "arn:aws:logs:us-east-1:123456789012:log-group:experiments:*" } });
  const parse = (lines: string[]): LogRecord[] => lines.map((line) => JSON.parse(line) as LogRecord);
  async function fromGroup(test: FisTest, id: string): Promise<LogRecord[]> {
    const { events } = await test.region.call<{ events: { message: string }[] }>(test.region.admin, "cloudwatch-logs", "GetLogEvents", { logGroupName: "experiments", logStreamName: `/aws/fis/${id}`, startFromHead: true });
    return parse(events.map(({ message }) => message));
  }
  const terminate = { targets: { them: { resourceType: "aws:ec2:instance", resourceTags: ARMED, selectionMode: "ALL" } }, actions: { terminate: { actionId: "aws:ec2:terminate-instances", targets: { Instances: "them" } } } };

  it("has AWS's records, each with its details, in the stream of the experiment", () => withFis(async (test) => {
    await test.region.call(test.region.admin, "cloudwatch-logs", "CreateLogGroup", { logGroupName: "experiments" });
    const instanceId = await armed(test);
    const id = await start(test, { ...terminate, logConfiguration: toGroup(2) });
    await sleep(test, 30);
    const records = await fromGroup(test, id);
    expect(records.map(({ log_type, details }) => [log_type, details])).toEqual([
      ["experiment-start", { experiment_template_id: (await get(test, id)).experimentTemplateId, experiment_start_time: "2026-01-01T00:01:00Z" }],
      ["target-resolution-start", { target_resolution_start_time: "2026-01-01T00:01:01Z", target_name: "them" }],
      ["target-resolution-detail", { target_resolution_end_time: "2026-01-01T00:01:01Z", target_name: "them", target_type: "aws:ec2:instance", account_id: "123456789012", resolved_targets_count: 1, status: "completed" }],
      ["target-resolution-end", { target_resolution_end_time: "2026-01-01T00:01:01Z", target_name: "them", target_type: "aws:ec2:instance", resolved_targets: [{ arn: `arn:aws:ec2:us-east-1:123456789012:instance/${instanceId}` }], page: 1, total_pages: 1 }],
      ["action-start", { action_name: "terminate", action_id: "aws:ec2:terminate-instances", action_start_time: "2026-01-01T00:01:01Z", action_targets: { Instances: "them" } }],
      ["action-end", { action_name: "terminate", action_id: "aws:ec2:terminate-instances", action_end_time: "2026-01-01T00:01:01Z", action_state: { status: "completed", reason: "Action was completed." } }],
      ["experiment-end", { experiment_end_time: "2026-01-01T00:01:01Z", experiment_state: { status: "completed", reason: "Experiment completed." } }],
    ]);
    expect(records.every((record) => record.id === id && record.version === "2")).toBe(true);
  }));

  it("of the first schema has no details of targets, and their ARNs alone", () => withFis(async (test) => {
    await test.region.call(test.region.admin, "cloudwatch-logs", "CreateLogGroup", { logGroupName: "experiments" });
    const instanceId = await armed(test);
    const id = await start(test, { ...terminate, logConfiguration: toGroup(1) });
    await sleep(test, 30);
    const records = await fromGroup(test, id);
    expect(records.map(({ log_type }) => log_type)).toEqual(["experiment-start", "target-resolution-start", "target-resolution-end", "action-start", "action-end", "experiment-end"]);
    expect(records[2]!.details).toMatchObject({ target_name: "them", resolved_targets: [`arn:aws:ec2:us-east-1:123456789012:instance/${instanceId}`] });
    expect(records[2]!.details).not.toHaveProperty("target_type");
  }));

  it("tells of an action that failed, and why", () => withFis(async (test) => {
    await test.region.call(test.region.admin, "cloudwatch-logs", "CreateLogGroup", { logGroupName: "experiments" });
    const instanceId = await armed(test);
    const id = await start(test, {
      ...INTERRUPT, logConfiguration: toGroup(2), actions: { first: { actionId: "aws:fis:wait", parameters: { duration: "PT1M" } }, interrupt: { ...INTERRUPT.actions!["interrupt"]!, startAfter: ["first"] } },
    });
    await sleep(test, 30);
    await test.region.call(test.region.admin, "ec2", "TerminateInstances", { InstanceIds: [instanceId] });
    await sleep(test, 60);
    const records = await fromGroup(test, id);
    expect(records.map(({ log_type }) => log_type).slice(-4)).toEqual(["action-start", "action-error", "action-end", "experiment-end"]);
    expect(records.at(-3)!.details).toEqual({ action_name: "interrupt", action_id: "aws:ec2:send-spot-instance-interruptions", account_id: "123456789012", action_state: { status: "failed", reason: expect.stringMatching(/^IncorrectInstanceState: /) as string } });
    expect(await stateOf(test, id)).toMatch(/^failed: The action interrupt failed: IncorrectInstanceState/);
  }));

  it("goes to a bucket, under the documented key, when the experiment is over", () => withFis(async (test) => {
    await test.region.call(test.region.admin, "s3", "CreateBucket", { Bucket: "logs" });
    const id = await start(test, { ...WAIT, logConfiguration: { logSchemaVersion: 2, s3Configuration: { bucketName: "logs", prefix: "fis-logs" } } });
    await sleep(test, 70);
    const { Contents } = await test.region.call<{ Contents: { Key: string }[] }>(test.region.admin, "s3", "ListObjectsV2", { Bucket: "logs" });
    expect(Contents.map(({ Key }) => Key)).toEqual([expect.stringMatching(new RegExp(`^fis-logs/AWSLogs/123456789012/fis/us-east-1/${id}/2026/01/01/123456789012_awsfislogs_us-east-1_${id}_202601010001Z_[0-9a-f]{8}\\.log$`))]);
    const { Body } = await test.region.call<{ Body: { transformToString(): Promise<string> } }>(test.region.admin, "s3", "GetObject", { Bucket: "logs", Key: Contents[0]!.Key });
    const records = parse((await Body.transformToString()).trim().split("\n"));
    expect(records.map(({ log_type }) => log_type)).toEqual(["experiment-start", "action-start", "action-end", "experiment-end"]);
    expect(records[1]!.details).toMatchObject({ parameters: { duration: "PT1M" } });
  }));

  it("that cannot be written keeps it from starting", () => withFis(async (test) => {
    const id = await start(test, { ...WAIT, logConfiguration: { logSchemaVersion: 2, s3Configuration: { bucketName: "nowhere" } } });
    await sleep(test, 5);
    expect(await stateOf(test, id)).toMatch(/^failed: NoSuchBucket/);
  }));
});

describe("started to see its targets only", () => {
  it("resolves them, skips every action and completes", () => withFis(async (test) => {
    const instanceId = await armed(test);
    const experimentTemplateId = await createExperimentTemplate(test, INTERRUPT);
    // The SDK client that there is leaves the option out.
    const { experiment: { id } } = await test.region.call<{ experiment: { id: string } }>(test.region.admin, "fis", "StartExperiment", { experimentTemplateId, clientToken: "preview", experimentOptions: { actionsMode: "skip-all" } });
    await sleep(test, 5);
    expect(await stateOf(test, id)).toBe("completed: Experiment completed.");
    expect(await actionStates(test, id)).toEqual({ interrupt: "skipped" });
    expect((await test.fis.send(new ListExperimentResolvedTargetsCommand({ experimentId: id }))).resolvedTargets).toMatchObject([{ targetName: "armed", targetInformation: { arn: expect.stringContaining(instanceId) as string } }]);
    expect((await spotRequest(test, instanceId)).Status!.Code).toBe("fulfilled");
  }));
});

describe("the safety lever", () => {
  const lever = (test: FisTest, operation: string, input: object = {}) =>
    test.region.call<{ safetyLever: { state: { status: string; reason: string } } }>(test.region.admin, "fis", operation, { id: "default", ...input }).then(({ safetyLever }) => safetyLever.state);
  const set = (test: FisTest, status: string) => lever(test, "UpdateSafetyLeverState", { state: { status, reason: "a bad day" } });

  it("stops what runs, cancels what is started, and lets go again", () => withFis(async (test) => {
    const running = await start(test, WAIT);
    await sleep(test, 10);
    expect(await set(test, "engaged")).toEqual({ status: "engaging", reason: "a bad day" });
    expect(await refusal(set(test, "disengaged"))).toMatch(/^ConflictException: /);
    await sleep(test, 1);
    expect(await lever(test, "GetSafetyLever")).toEqual({ status: "engaged", reason: "a bad day" });
    expect(await stateOf(test, running)).toMatch(/^stopped: /);
    const late = await start(test, WAIT);
    expect(await stateOf(test, late)).toMatch(/^cancelled: /);
    expect(await actionStates(test, late)).toEqual({ wait: "cancelled" });
    await set(test, "disengaged");
    expect(await stateOf(test, await start(test, WAIT))).toMatch(/^initiating: /);
  }));
});

describe("quotas", () => {
  it("allow five experiments at once", () => withFis(async (test) => {
    for (let count = 0; count < 5; count++) await start(test, WAIT);
    expect(await refusal(start(test, WAIT))).toBe("ServiceQuotaExceededException: The request exceeds a service quota: Active experiments (at most 5).");
    await sleep(test, 70);
    expect(await refusal(start(test, WAIT))).toBe("accepted");
  }));

  it("allow five targets of an action", () => withFis(async (test) => {
    await createTemplate(test);
    await launch(test, { target: 6, tags: ARMED });
    const id = await start(test, { targets: { them: { resourceType: "aws:ec2:instance", resourceTags: ARMED, selectionMode: "ALL" } }, actions: { terminate: { actionId: "aws:ec2:terminate-instances", targets: { Instances: "them" } } } });
    await sleep(test, 5);
    expect(await stateOf(test, id)).toBe('failed: The target them was resolved to 6 resources; the quota "Target Instances for aws:ec2:terminate-instances" is 5.');
  }));
});

describe("its stop conditions", () => {
  const alarm = (test: FisTest) => test.region.call(test.region.admin, "cloudwatch", "PutMetricAlarm", {
    AlarmName: "guard", Namespace: "n", MetricName: "m", Statistic: "Sum", Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: "GreaterThanThreshold", TreatMissingData: "ignore",
  });
  const set = (test: FisTest, StateValue: string) => test.region.call(test.region.admin, "cloudwatch", "SetAlarmState", { AlarmName: "guard", StateValue, StateReason: "test" });
  const guarded = { ...WAIT, stopConditions: [{ source: "aws:cloudwatch:alarm", value: "arn:aws:cloudwatch:us-east-1:123456789012:alarm:guard" }] };

  it("halt it while it runs", () => withFis(async (test) => {
    await alarm(test);
    const id = await start(test, guarded);
    await sleep(test, 20);
    expect(await stateOf(test, id)).toBe("running: Experiment is running.");
    await set(test, "ALARM");
    await sleep(test, 6);
    expect(await stateOf(test, id)).toBe("stopped: Experiment halted by stop condition.");
  }));

  it("keep it from starting", () => withFis(async (test) => {
    await alarm(test);
    await set(test, "ALARM");
    const id = await start(test, guarded);
    await sleep(test, 6);
    expect(await stateOf(test, id)).toBe("stopped: Experiment halted by stop condition.");
    expect(await actionStates(test, id)).toEqual({ wait: "cancelled" });
  }));

  it("must exist", () => withFis(async (test) => {
    const id = await start(test, guarded);
    await sleep(test, 6);
    expect(await stateOf(test, id)).toBe("failed: The stop condition's alarm arn:aws:cloudwatch:us-east-1:123456789012:alarm:guard does not exist.");
  }));
});
