import { mergePermissions } from "../../../harness/model/permissions";
import type { ScenarioResult } from "../../../harness/model/result";
import { scenariosUsing } from "../../../scripts/permissions/choice";
import { reasonFor, removalsOf, without, type StackDocument } from "../../../scripts/permissions/removals";

const policy = (...statements: object[]): string => JSON.stringify({ Version: "2012-10-17", Statement: statements });
const STACK: StackDocument = {
  resource: {
    aws_iam_role_policy: { app_policy: { name: "app", policy: policy({ Sid: "Read", Effect: "Allow", Action: ["s3:GetObject", "s3:ListBucket"], Resource: ["*"] }, { Effect: "Allow", Action: "sqs:SendMessage", Resource: "*" }) } },
    aws_iam_role: { app_role: { name: "app", assume_role_policy: policy({ Effect: "Allow", Action: ["sts:AssumeRole"], Principal: { Service: ["ec2.amazonaws.com"] } }) } },
    aws_lambda_permission: { rule: { action: "lambda:InvokeFunction", statement_id: "rule", function_name: "${aws_lambda_function.watcher.function_name}" } },
  },
  output: { permission_reasons: { value: JSON.stringify({ "app/Read/s3:ListBucket": "because" }) } },
};

it("finds every action of every statement, trust and permissions of functions among them", () => {
  expect(removalsOf("job", STACK).map(({ name, statement, action }) => [name, statement, action])).toEqual([
    ["app", "Read", "s3:GetObject"], ["app", "Read", "s3:ListBucket"], ["app", "statement 2", "sqs:SendMessage"], ["app", "statement 1", "sts:AssumeRole"], ["watcher", "rule", "lambda:InvokeFunction"],
  ]);
});

it("takes out one, and nothing else", () => {
  const [get, , send, trust, permission] = removalsOf("job", STACK);
  const statements = (changed: StackDocument, type = "aws_iam_role_policy", argument = "policy"): { Action: unknown }[] => JSON.parse(String(Object.values(changed.resource[type]!)[0]![argument])).Statement;
  expect(statements(without(STACK, get!)).map(({ Action }) => Action)).toEqual([["s3:ListBucket"], "sqs:SendMessage"]);
  expect(statements(without(STACK, send!)).map(({ Action }) => Action)).toEqual([["s3:GetObject", "s3:ListBucket"]]);
  expect(statements(without(STACK, trust!), "aws_iam_role", "assume_role_policy").map(({ Action }) => Action)).toEqual([["sts:TagSession"]]);
  expect(without(STACK, permission!).resource["aws_lambda_permission"]).toEqual({});
  expect(removalsOf("job", STACK)).toHaveLength(5);
});

it("knows the reasons that the stack gives", () => {
  expect(removalsOf("job", STACK).map((removal) => reasonFor(STACK, removal))).toEqual([undefined, "because", undefined, undefined, undefined]);
});

it("chooses the shortest of the scenarios that used a permission", () => {
  const use = (policyName: string, index: number, action: string, sid?: string) => ({ principal: "app", action, resource: "*", count: 1, statement: { policy: policyName, index, ...(sid ? { sid } : {}), actionPattern: action, resourcePattern: "*" } });
  const permissions = mergePermissions([
    { scenario: "long", record: { uses: [use("inline:app", 0, "s3:GetObject", "Read"), use("trust:app", 0, "sts:AssumeRole")], refusals: [], granted: [], reasons: {} } },
    { scenario: "short", record: { uses: [use("inline:app", 0, "s3:GetObject", "Read"), use("arn:aws:lambda:us-east-1:1:function:watcher", 0, "lambda:InvokeFunction", "rule")], refusals: [], granted: [], reasons: {} } },
  ]);
  const results = [{ name: "long", virtualSeconds: 9 }, { name: "short", virtualSeconds: 1 }] as ScenarioResult[];
  expect(removalsOf("job", STACK).map((removal) => scenariosUsing(removal, permissions, results))).toEqual([["short", "long"], [], [], ["long"], ["short"]]);
});
