import { lastingResource, nearMiss, statementToAdd, tagKeysIn } from "../../../../harness/region/authorization/suggestion";
import { parsePolicy } from "../../../../harness/region/authorization/policy";

const INSTANCE = "arn:aws:ec2:us-east-1:123456789012:instance/i-0123456789abcdef0";
const policy = (...statements: object[]) => parsePolicy("inline:p", JSON.stringify({ Version: "2012-10-17", Statement: statements }));

it("adds no more than was asked for, but for what is new in every run, narrowed by the tags that the policies go by", () => {
  const tags = () => new Map([["spotproof:name", "spotproof"], ["other", "x"]]);
  expect(JSON.parse(statementToAdd({ action: "ec2:TerminateInstances", resource: INSTANCE, tags }, ["spotproof:name"]))).toEqual({
    Effect: "Allow", Action: ["ec2:TerminateInstances"], Resource: ["arn:aws:ec2:us-east-1:123456789012:instance/*"], Condition: { StringEquals: { "aws:ResourceTag/spotproof:name": "spotproof" } },
  });
  expect(JSON.parse(statementToAdd({ action: "cloudwatch:PutMetricData", resource: "*", keys: { "cloudwatch:namespace": "jobs" } }, []))).toMatchObject({ Resource: ["*"], Condition: { StringEquals: { "cloudwatch:namespace": "jobs" } } });
  expect(JSON.parse(statementToAdd({ action: "iam:PassRole", resource: "arn:aws:iam::1:role/r", keys: { "iam:PassedToService": "ec2.amazonaws.com" } }, []))).toMatchObject({ Condition: { StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" } } });
  expect(JSON.parse(statementToAdd({ action: "dynamodb:GetItem", resource: "arn:aws:dynamodb:us-east-1:1:table/t", keys: { "dynamodb:LeadingKeys": ["a"] } }, []))).toEqual({ Effect: "Allow", Action: ["dynamodb:GetItem"], Resource: ["arn:aws:dynamodb:us-east-1:1:table/t"] });
});

it.each([
  ["arn:aws:s3:::box/jobs/a/1-1-x", "arn:aws:s3:::box/jobs/*"],
  ["arn:aws:s3:::box", "arn:aws:s3:::box"],
  ["arn:aws:states:us-east-1:1:execution:job:x", "arn:aws:states:us-east-1:1:execution:job:*"],
  ["arn:aws:fis:us-east-1:1:experiment/EXPabc", "arn:aws:fis:us-east-1:1:experiment/*"],
  ["arn:aws:logs:us-east-1:1:log-group:/g:log-stream:s", "arn:aws:logs:us-east-1:1:log-group:/g:*"],
])("of %s a policy keeps %s", (resource, lasting) => expect(lastingResource(resource)).toBe(lasting));

it("finds the tags that conditions ask for, as the policies write them", () => {
  expect(tagKeysIn([policy({ Effect: "Allow", Action: "a:B", Resource: "*", Condition: { StringEquals: { "aws:ResourceTag/Team:name": "x", "aws:RequestTag/b": "y", "ec2:Region": "z" } } })])).toEqual(["Team:name", "b"]);
});

it("says which statement came near, and what kept it from allowing the call", () => {
  const need = { action: "ec2:TerminateInstances", resource: INSTANCE };
  const conditional = { Sid: "Ours", Effect: "Allow", Action: "ec2:Terminate*", Resource: "*", Condition: { StringEquals: { "aws:ResourceTag/a": "b" } } };
  const elsewhere = { Sid: "There", Effect: "Allow", Action: "ec2:TerminateInstances", Resource: "arn:other" };
  expect(nearMiss([policy(elsewhere, conditional)], need)).toBe("statement Ours of inline:p has the action and the resource, but its conditions did not hold (aws:resourcetag/a)");
  expect(nearMiss([policy(elsewhere)], need)).toBe("statement There of inline:p has the action, for arn:other");
  expect(nearMiss([policy({ ...elsewhere, Action: "ec2:Describe*" })], need)).toBeUndefined();
});
