import { lastingArn, mergePermissions, refusalLines, type PermissionRecord, type PermissionUse } from "../../../harness/model/permissions";

const ARN = "arn:aws:ec2:us-east-1:123456789012:";
const use = (more: Partial<PermissionUse> = {}, statement: Partial<PermissionUse["statement"]> = {}): PermissionUse => ({
  principal: "app", action: "ec2:TerminateInstances", resource: `${ARN}instance/i-0123456789abcdef0`, count: 1, ...more,
  statement: { policy: "inline:app", index: 0, sid: "End", actionPattern: "ec2:TerminateInstances", resourcePattern: `${ARN}instance/*`, ...statement },
});
const record = (more: Partial<PermissionRecord> = {}): PermissionRecord => ({
  uses: [use()], refusals: [], reasons: {},
  granted: [{ principal: "app", policy: "inline:app", statements: [
    { sid: "End", effect: "Allow", actions: ["ec2:TerminateInstances", "ec2:StopInstances"], resources: [`${ARN}instance/*`], condition: { StringEquals: {} } },
    { effect: "Allow", actions: ["sqs:SendMessage"], resources: ["arn:queue"] },
    { effect: "Deny", actions: ["s3:*"], resources: ["*"] },
  ] }],
  ...more,
});

describe("runs added up", () => {
  it("count the same call once, whatever was new in each run, with the scenarios that made it", () => {
    const other = record({ uses: [use({ resource: `${ARN}instance/i-0fedcba9876543210`, count: 2 })] });
    expect(mergePermissions([{ scenario: "b", record: record() }, { scenario: "a", record: other }]).uses).toEqual([use({ resource: `${ARN}instance/i-…`, count: 3, scenarios: ["a", "b"] })]);
  });

  it("come out the same in any order", () => {
    const runs = ["x", "y", "z"].map((scenario, index) => ({ scenario, record: record({ uses: [use({ count: index + 1 }), use({ principal: scenario })] }) }));
    expect(mergePermissions(runs.toReversed())).toEqual(mergePermissions(runs));
  });

  it("keep each refusal with its line to add", () => {
    const refusal = { principal: "app", action: "s3:GetObject", resource: "arn:aws:s3:::box/jobs/a/1", message: "no", where: "inline policy app of role app", add: "{}", count: 1 };
    expect(mergePermissions([{ scenario: "a", record: record({ refusals: [refusal] }) }, { scenario: "b", record: record({ refusals: [{ ...refusal, resource: "arn:aws:s3:::box/jobs/b/2" }] }) }]).refusals)
      .toEqual([{ ...refusal, resource: "arn:aws:s3:::box/jobs/…", count: 2, scenarios: ["a", "b"] }]);
  });
});

it("names every granted action that no call was allowed by, with the reason why it stays", () => {
  const { unused } = mergePermissions([{ scenario: "a", record: record({ reasons: { "app/End/ec2:StopInstances": "because" } }) }]);
  expect(unused.map(({ statement, action, reason }) => [statement, action, reason])).toEqual([["End", "ec2:StopInstances", "because"], ["statement 2", "sqs:SendMessage", undefined]]);
});

it("shows an action that two statements grant as unused in the second", () => {
  const twice = record();
  twice.granted = [{ principal: "app", policy: "inline:app", statements: [0, 1].map(() => ({ effect: "Allow" as const, actions: ["ec2:TerminateInstances"], resources: [`${ARN}instance/*`] })) }];
  expect(mergePermissions([{ scenario: "a", record: twice }]).unused.map(({ statement }) => statement)).toEqual(["statement 2"]);
});

it("says what was touched of every resource that is wider", () => {
  expect(mergePermissions([{ scenario: "a", record: record() }]).wide).toEqual([
    { principal: "app", policy: "inline:app", statement: "End", resource: `${ARN}instance/*`, touched: [`${ARN}instance/i-…`], condition: { StringEquals: {} } },
  ]);
  const launches = record({ uses: [use({ resource: `${ARN}instance/*` })] });
  expect(mergePermissions([{ scenario: "a", record: launches }]).wide).toEqual([]);
});

it.each([
  ["arn:aws:states:us-east-1:1:execution:spotproof-job:terminated-job-1", "arn:aws:states:us-east-1:1:execution:spotproof-job:…"],
  ["arn:aws:fis:us-east-1:1:experiment/EXPabcdefghijklmno", "arn:aws:fis:us-east-1:1:experiment/EXP…"],
  ["arn:aws:dynamodb:us-east-1:1:table/spotproof-ledger", "arn:aws:dynamodb:us-east-1:1:table/spotproof-ledger"],
  ["arn:aws:logs:us-east-1:1:log-group:/aws/lambda/x:log-stream:2026/1", "arn:aws:logs:us-east-1:1:log-group:/aws/lambda/x:log-stream:…"],
])("knows what of %s is new in each run", (arn, lasting) => expect(lastingArn(arn)).toBe(lasting));

it("tells a person who was refused what, and what to add where", () => {
  const refusal = { principal: "app", action: "a:B", resource: "arn:x", message: "", where: "inline policy p of role app", count: 2 };
  expect(refusalLines({ ...refusal, add: "{…}", note: "statement Read has the action" })).toEqual([
    "AccessDenied: app may not a:B on arn:x (2 times)", "  statement Read has the action", "  add to the inline policy p of role app: {…}",
  ]);
  expect(refusalLines({ ...refusal, note: "statement No denies it" }).at(-1)).toBe("  change the inline policy p of role app");
});
