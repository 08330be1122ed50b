import { ConfigError, environmentName, readConfig } from "../../stacks/config";
import { KNOBS, type KnobName } from "../../stacks/knobs";

const read = (context: unknown, environment: Record<string, string | undefined> = {}) => readConfig({ context, contextName: "cdktf.json, context.spotproof", environment });

/** What is said when these values are refused. */
function refusal(context: unknown, environment: Record<string, string> = {}): string {
  try {
    read(context, environment);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message;
  }
  throw new Error("accepted");
}

describe("the table", () => {
  it("has defaults that its own checks allow, and says what each knob is", () => {
    const config = read({});
    for (const [name, { default: value, description, kind }] of Object.entries(KNOBS)) {
      expect(config[name as KnobName]).toEqual(value);
      expect(kind.check(value as never)).toHaveProperty("value");
      expect(description).toMatch(/^[A-Z].{10,}\.$/);
    }
  });

  it("gives every knob an environment variable of its own", () => {
    expect(environmentName("spotMaxPrice")).toBe("SPOTPROOF_SPOT_MAX_PRICE");
    expect(environmentName("rootVolumeGiB")).toBe("SPOTPROOF_ROOT_VOLUME_GIB");
    expect(new Set(Object.keys(KNOBS).map(environmentName)).size).toBe(Object.keys(KNOBS).length);
  });

  it.each<[KnobName, unknown[], unknown[]]>([
    ["name", ["spotproof", "a-1", "a2345678901234567890"], ["", "Ab", "-a", "a-", "ab", "a23456789012345678901", "a_b", 5, null]],
    ["region", ["eu-west-1", "us-gov-west-1", "ap-southeast-4"], ["eu", "EU-west-1", "eu-west-1a", ""]],
    ["zones", [[], ["us-east-1a"]], ["us-east-1a", ["us-east-1"], ["us-east-1a", "us-east-1a"], [1]]],
    ["instanceTypes", [["m5.large"], ["u-6tb1.112xlarge", "m7i-flex.large"]], [[], "m5.large", ["m5"], ["m5.large", "m5.large"]]],
    ["amiId", ["ami-0123456789abcdef0", "resolve:ssm:/aws/service/x", "resolve:ssm:own:3"], ["ami", "ami-xyz", "resolve:ssm:", "ssm:/x"]],
    ["jobCommand", ["./run.sh --fast 'a b'", "python3 x.py"], ["", "a\nb", "a\\b", '"a', " a", "a "]],
    ["retryableExitCodes", [[], [1, 3, 255]], [3, [0], [75], [256], [1.5], ["3"], [3, 3]]],
    ["noProgressMinutes", [1, 43200], [0, 0.5, "60"]],
    ["endWithoutProgressMinutes", [1, 43200], [0, "x"]],
    ["heartbeatSeconds", [60, 90, 1800], [59, 1801, 90.5, "90", NaN]],
    ["onRebalance", ["save", "migrate", "ignore"], ["", "Save", true]],
    ["targetGroupArn", ["arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/batch/73e2d6bc24d8a067"], ["batch", "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/x/73e2d6bc24d8a067"]],
    ["attemptTimeoutSeconds", [300, 86400], [299, "x"]],
    ["maxAttempts", [1, 400], [0, 401, 1.5]],
    ["onDemandAfterMinutes", [0.5, 30, 700], [0, -1, "soon"]],
    ["spotMaxPrice", [0.001, 3], [0, -1, "cheap", 1001]],
    ["checkpointRetentionDays", [2, 365], [1, 0]],
    ["logRetentionDays", [1, 30, 3653], [0, 2, 31]],
    ["deletionProtection", [true, false], ["yes", 1]],
    ["rootVolumeGiB", [8, 100], [7, 0.5]],
    ["kmsKeyArn", ["arn:aws:kms:us-east-1:123456789012:key/01234567-0123-0123-0123-0123456789ab"], ["alias/x", "01234567"]],
    ["alarmTopicArn", ["arn:aws:sns:us-east-1:123456789012:alarms"], ["alarms"]],
    ["stateBucket", ["my-state"], ["x", "My_state"]],
    ["tags", [{}, { team: "a b", "cost:center": "" }], [{ "aws:x": "y" }, { "spotproof:job": "y" }, { "a/b": "c" }, { a: 1 }, [], "a=b"]],
  ])("%s takes what it should and nothing else", (name, good, bad) => {
    for (const value of good) expect(read({ [name]: value })[name]).toEqual(value);
    for (const value of bad) expect(refusal({ [name]: value })).toMatch(new RegExp(`^${name}: .* is not allowed; it must be `));
  });
});

describe("where values come from", () => {
  it("the environment wins over the context, and an empty variable counts as none", () => {
    expect(read({ name: "ctx" }, { SPOTPROOF_NAME: "env" }).name).toBe("env");
    expect(read({ name: "ctx" }, { SPOTPROOF_NAME: "" }).name).toBe("ctx");
    expect(read({ spotMaxPrice: null }).spotMaxPrice).toBeUndefined();
  });

  it("reads every kind of value from the environment's text", () => {
    expect(read({}, {
      SPOTPROOF_HEARTBEAT_SECONDS: "120", SPOTPROOF_SPOT_MAX_PRICE: "0.05", SPOTPROOF_DELETION_PROTECTION: "false", SPOTPROOF_INSTANCE_TYPES: "m5.large, m6i.large",
      SPOTPROOF_TAGS: "team=batch,stage=a=b", HOME: "/root",
    })).toMatchObject({ heartbeatSeconds: 120, spotMaxPrice: 0.05, deletionProtection: false, instanceTypes: ["m5.large", "m6i.large"], tags: { team: "batch", stage: "a=b" } });
  });
});

describe("a wrong value", () => {
  it("is refused with the knob, what was given, where it came from and what is allowed", () => {
    expect(refusal({ heartbeatSeconds: 5 })).toBe("heartbeatSeconds: 5 (from cdktf.json, context.spotproof) is not allowed; it must be a whole number from 60 to 1800");
    expect(refusal({}, { SPOTPROOF_HEARTBEAT_SECONDS: "often" })).toBe(
      'heartbeatSeconds: "often" (from the environment, SPOTPROOF_HEARTBEAT_SECONDS) is not allowed; it must be a whole number from 60 to 1800',
    );
    expect(refusal({}, { SPOTPROOF_TAGS: "team" })).toContain('tags: "team" (from the environment, SPOTPROOF_TAGS)');
  });

  it("does not hide another", () => {
    expect(refusal({ heartbeatSeconds: 5, rootVolumeGiB: 1 }).split("\n")).toHaveLength(2);
  });

  it("may be a knob that does not exist, wherever it stands", () => {
    expect(refusal({ heartbeatSecond: 90 })).toBe("heartbeatSecond: there is no such knob (from cdktf.json, context.spotproof); did you mean heartbeatSeconds?");
    expect(refusal({}, { SPOTPROOF_REGIONS: "eu-west-1" })).toBe("SPOTPROOF_REGIONS: there is no such knob (from the environment); did you mean SPOTPROOF_REGION?");
    expect(refusal({ colour: "red" })).toContain("; knobs are name, region, ");
    expect(refusal("spotproof")).toContain('context.spotproof is "spotproof"; it must be an object');
  });

  it("is not what the harness reads from the environment", () => {
    expect(read({}, { SPOTPROOF_PYTHON: "/usr/bin/python3.9" }).name).toBe("spotproof");
  });

  it.each([
    [{ vpcId: "vpc-01234567" }, /^subnetIds: none given, but vpcId is vpc-01234567; give both, or neither/],
    [{ subnetIds: ["subnet-01234567"] }, /^vpcId: none given, but subnetIds is \["subnet-01234567"\]; give both, or neither/],
    [{ vpcId: "vpc-01234567", subnetIds: ["subnet-01234567"], zones: ["us-east-1a"] }, /^zones: .* beside subnetIds/],
    [{ zones: ["eu-west-1a"] }, /^zones: eu-west-1a is not in region us-east-1$/],
    [{ jobArtifact: "s3://bucket/job.tar.gz" }, /^jobCommand: none given, but jobArtifact is/],
    [{ noCapacityWaitSeconds: 300 }, /^noCapacityMaxWaitSeconds: 60 is less than noCapacityWaitSeconds, 300/],
    [{ noCapacityLimitMinutes: 1440 }, /^noCapacityLimitMinutes: 1440 is more than 1000 waits of noCapacityMaxWaitSeconds, 60, .*; give at most 1000, or longer waits$/],
    [{ onDemandAfterMinutes: 720 }, /^onDemandAfterMinutes: 720 must be less than noCapacityLimitMinutes, 720$/],
    [{ attemptTimeoutSeconds: 300, heartbeatSeconds: 600 }, /^attemptTimeoutSeconds: 300 must be more than heartbeatSeconds, 600$/],
  ])("may be wrong only beside another: %j", (context, message) => {
    expect(refusal(context)).toMatch(message);
  });
});
