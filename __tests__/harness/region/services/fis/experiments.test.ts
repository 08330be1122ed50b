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
    const { caller } = test.region.assumeRole(launcher, "test");
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
    const { caller } = test.region.assumeRole(test.roleArn, "test");
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

  it("are logged, when the template says where", () => withFis(async (test) => {
    await test.region.call(test.region.admin, "cloudwatch-logs", "CreateLogGroup", { logGroupName: "experiments" });
    const id = await start(test, { ...WAIT, logConfiguration: { logSchemaVersion: 2, cloudWatchLogsConfiguration: { logGroupArn: "arn:aws:logs:us-east-1:123456789012:log-group:experiments:*" } } });
    await sleep(test, 70);
    const { events } = await test.region.call<{ events: { message: string }[] }>(test.region.admin, "cloudwatch-logs", "GetLogEvents", { logGroupName: "experiments", logStreamName: `/aws/fis/${id}`, startFromHead: true });
    const records = events.map(({ message }) => JSON.parse(message) as { id: string; log_type: string; version: string });
    expect(records.map(({ log_type }) => log_type)).toEqual(["experiment-start", "target-resolution-start", "target-resolution-end", "action-start", "action-end", "experiment-end"]);
    expect(records[0]).toMatchObject({ id, version: "2" });
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
