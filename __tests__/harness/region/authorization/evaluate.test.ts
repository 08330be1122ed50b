import fc from "fast-check";
import { decide, type Decision, type Policies, type Requester } from "../../../../harness/region/authorization/evaluate";
import type { Keys } from "../../../../harness/region/authorization/pattern";
import { parsePolicy, PolicySyntaxError } from "../../../../harness/region/authorization/policy";

const ROLE = "arn:aws:iam::123456789012:role/app";
const SESSION = "arn:aws:sts::123456789012:assumed-role/app/s";
const APP: Requester = { accountId: "123456789012", arns: [SESSION, ROLE], services: [] };
const TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/jobs";

const policy = (...statements: object[]) => parsePolicy("inline:p", JSON.stringify({ Version: "2012-10-17", Statement: statements }));
const allow = (more: object = {}) => ({ Effect: "Allow", Action: "dynamodb:GetItem", Resource: TABLE, ...more });
const deny = (more: object = {}) => allow({ Effect: "Deny", ...more });
const keysOf = (values: Record<string, string | string[]> = {}): Keys => (key) => {
  const value = Object.entries(values).find(([name]) => name.toLowerCase() === key)?.[1];
  return value === undefined ? undefined : typeof value === "string" ? [value] : value;
};
const ask = (policies: Partial<Policies>, { action = "dynamodb:GetItem", resource = TABLE, keys = {}, by = APP }: { action?: string; resource?: string; keys?: Record<string, string | string[]>; by?: Requester } = {}): Decision =>
  decide({ action, resource, keys: keysOf(keys) }, by, { identity: [], ...policies });
const identity = (...statements: object[]) => ({ identity: [policy(...statements)] });

describe("a request", () => {
  it("is refused when nothing allows it, and allowed by the statement that does", () => {
    expect(ask({})).toEqual({ allowed: false, explicit: false, missing: "identity-based policy" });
    expect(ask(identity(allow({ Action: "dynamodb:PutItem" }), allow({ Sid: "Read" })))).toEqual({
      allowed: true, kind: "identity-based policy", by: { source: "inline:p", index: 1, sid: "Read", actionPattern: "dynamodb:GetItem", resourcePattern: TABLE },
    });
  });

  it("is refused by an explicit deny, wherever that stands", () => {
    expect(ask(identity(allow(), deny()))).toMatchObject({ allowed: false, explicit: true, kind: "identity-based policy" });
    expect(ask({ ...identity(allow()), resource: policy({ ...deny(), Principal: "*" }) })).toMatchObject({ allowed: false, explicit: true, kind: "resource-based policy" });
    expect(ask({ ...identity(allow()), boundary: policy(deny()) })).toMatchObject({ allowed: false, explicit: true, kind: "permissions boundary" });
  });

  it("is refused when the permissions boundary does not allow it too", () => {
    expect(ask({ ...identity(allow()), boundary: policy(allow({ Action: "s3:*" })) })).toEqual({ allowed: false, explicit: false, missing: "permissions boundary" });
    expect(ask({ ...identity(allow()), boundary: policy(allow({ Action: "dynamodb:*" })) }).allowed).toBe(true);
  });

  it("is allowed by a resource's policy that names the role or the session, and not by one that names another", () => {
    for (const named of [ROLE, SESSION, "*"]) expect(ask({ resource: policy({ ...allow(), Principal: { AWS: named } }) }).allowed).toBe(true);
    expect(ask({ resource: policy({ ...allow(), Principal: { AWS: "arn:aws:iam::123456789012:role/other" } }) }).allowed).toBe(false);
  });

  it("is left to the caller's own policies by a resource's policy that names the account", () => {
    const account = policy({ ...allow(), Principal: { AWS: "arn:aws:iam::123456789012:root" } });
    expect(ask({ resource: account, resourceMustAllow: true }).allowed).toBe(false);
    expect(ask({ resource: account, resourceMustAllow: true, ...identity(allow()) }).allowed).toBe(true);
    expect(ask({ resource: policy(), resourceMustAllow: true, ...identity(allow()) })).toEqual({ allowed: false, explicit: false, missing: "resource-based policy" });
  });

  it("of a service is allowed by a resource's policy that names it", () => {
    const by: Requester = { accountId: "123456789012", arns: [], services: ["events.amazonaws.com"] };
    const resource = policy({ ...allow(), Principal: { Service: "events.amazonaws.com" }, Condition: { ArnLike: { "aws:SourceArn": "arn:aws:events:*:*:rule/x*" } } });
    expect(ask({ resource }, { by, keys: { "aws:SourceArn": "arn:aws:events:us-east-1:123456789012:rule/x1" } }).allowed).toBe(true);
    expect(ask({ resource }, { by, keys: { "aws:SourceArn": "arn:aws:events:us-east-1:123456789012:rule/y" } }).allowed).toBe(false);
    expect(ask({ resource }).allowed).toBe(false);
  });
});

describe("a statement", () => {
  it.each([
    [{ Action: "dynamodb:*" }, true],
    [{ Action: "DynamoDB:get*" }, true],
    [{ Action: "dynamodb:Get?tem" }, true],
    [{ Action: ["s3:GetObject", "dynamodb:PutItem"] }, false],
    [{ Action: undefined, NotAction: "dynamodb:PutItem" }, true],
    [{ Action: undefined, NotAction: ["dynamodb:*"] }, false],
    [{ Resource: "*" }, true],
    [{ Resource: "arn:aws:dynamodb:*:*:table/*" }, true],
    [{ Resource: "arn:aws:dynamodb:*:*:table/job" }, false],
    [{ Resource: `${TABLE.toUpperCase()}` }, false],
    [{ Resource: undefined, NotResource: TABLE }, false],
    [{ Resource: undefined, NotResource: "arn:aws:dynamodb:*:*:table/other" }, true],
  ])("with %j: %s", (more, allowed) => expect(ask(identity(allow(more))).allowed).toBe(allowed));

  it("has its variables filled in from the request, with a default where there is one", () => {
    const mine = identity(allow({ Resource: "arn:aws:dynamodb:us-east-1:123456789012:table/${aws:PrincipalTag/team}" }));
    expect(ask(mine, { keys: { "aws:PrincipalTag/team": "jobs" } }).allowed).toBe(true);
    expect(ask(mine, { keys: { "aws:PrincipalTag/team": "*" } }).allowed).toBe(false);
    expect(ask(mine).allowed).toBe(false);
    expect(ask(identity(allow({ Resource: "arn:aws:dynamodb:us-east-1:123456789012:table/${aws:PrincipalTag/team, 'jobs'}" }))).allowed).toBe(true);
    expect(ask(identity(allow({ Resource: "${*}" }))).allowed).toBe(false);
  });

  it("of an older version of the language has no variables", () => {
    const old = parsePolicy("inline:p", JSON.stringify({ Statement: [allow({ Resource: "${aws:userid}" })] }));
    expect(ask({ identity: [old] }, { keys: { "aws:userid": TABLE } }).allowed).toBe(false);
    expect(ask({ identity: [old] }, { resource: "${aws:userid}" }).allowed).toBe(true);
  });
});

describe("a condition", () => {
  const holds = (condition: object, keys: Record<string, string | string[]> = {}): boolean => ask(identity(allow({ Condition: condition })), { keys }).allowed;

  it.each<[object, Record<string, string | string[]>, boolean]>([
    [{ StringEquals: { "aws:x": "a" } }, { "AWS:X": "a" }, true],
    [{ StringEquals: { "aws:x": ["b", "a"] } }, { "aws:x": "a" }, true],
    [{ StringEquals: { "aws:x": "a*" } }, { "aws:x": "ab" }, false],
    [{ StringEquals: { "aws:x": "a" } }, {}, false],
    [{ StringNotEquals: { "aws:x": ["a", "b"] } }, { "aws:x": "c" }, true],
    [{ StringNotEquals: { "aws:x": ["a", "b"] } }, { "aws:x": "b" }, false],
    [{ StringNotEquals: { "aws:x": "a" } }, {}, true],
    [{ StringEqualsIgnoreCase: { "aws:x": "A" } }, { "aws:x": "a" }, true],
    [{ StringLike: { "aws:x": "a*c?" } }, { "aws:x": "abbcd" }, true],
    [{ StringNotLike: { "aws:x": "a*" } }, { "aws:x": "abc" }, false],
    [{ StringEqualsIfExists: { "aws:x": "a" } }, {}, true],
    [{ StringEqualsIfExists: { "aws:x": "a" } }, { "aws:x": "b" }, false],
    [{ Null: { "aws:x": "true" } }, {}, true],
    [{ Null: { "aws:x": "false" } }, {}, false],
    [{ Null: { "aws:x": "false" } }, { "aws:x": "1" }, true],
    [{ Bool: { "aws:x": "false" } }, { "aws:x": "true" }, false],
    [{ Bool: { "aws:x": true } }, { "aws:x": "true" }, true],
    [{ NumericLessThanEquals: { "aws:x": "10" } }, { "aws:x": "10.0" }, true],
    [{ NumericGreaterThan: { "aws:x": 10 } }, { "aws:x": "9" }, false],
    [{ NumericEquals: { "aws:x": "1" } }, { "aws:x": "one" }, false],
    [{ NumericNotEquals: { "aws:x": "1" } }, { "aws:x": "2" }, true],
    [{ DateLessThan: { "aws:x": "2026-01-02T00:00:00Z" } }, { "aws:x": "2026-01-01T23:59:59Z" }, true],
    [{ DateGreaterThan: { "aws:x": "1767225600" } }, { "aws:x": "2026-01-01T00:00:01Z" }, true],
    [{ IpAddress: { "aws:x": ["10.0.0.0/8", "2001:db8::/32"] } }, { "aws:x": "10.1.2.3" }, true],
    [{ IpAddress: { "aws:x": "10.0.0.0/8" } }, { "aws:x": "11.0.0.1" }, false],
    [{ IpAddress: { "aws:x": "2001:db8::/32" } }, { "aws:x": "2001:db8::1" }, true],
    [{ NotIpAddress: { "aws:x": "10.1.2.3" } }, { "aws:x": "10.1.2.4" }, true],
    [{ ArnLike: { "aws:x": "arn:aws:ec2:*:1:instance/*" } }, { "aws:x": "arn:aws:ec2:us-east-1:1:instance/i-1" }, true],
    [{ ArnEquals: { "aws:x": "arn:aws:*:1:instance/i-1" } }, { "aws:x": "arn:aws:ec2:us-east-1:1:instance/i-1" }, false],
    [{ ArnNotLike: { "aws:x": "arn:aws:ec2:*:1:instance/*" } }, { "aws:x": "arn:aws:ec2:us-east-1:1:volume/v" }, true],
    [{ "ForAllValues:StringEquals": { "aws:x": ["a", "b"] } }, { "aws:x": ["a", "b"] }, true],
    [{ "ForAllValues:StringEquals": { "aws:x": ["a"] } }, { "aws:x": ["a", "b"] }, false],
    [{ "ForAllValues:StringEquals": { "aws:x": ["a"] } }, {}, true],
    [{ "ForAnyValue:StringEquals": { "aws:x": ["a"] } }, { "aws:x": ["a", "b"] }, true],
    [{ "ForAnyValue:StringEquals": { "aws:x": ["a"] } }, {}, false],
    [{ "ForAnyValue:StringNotLike": { "aws:x": ["a*"] } }, { "aws:x": ["a1", "b"] }, true],
    [{ StringEquals: { "aws:x": "a" }, StringLike: { "aws:y": "b*" } }, { "aws:x": "a" }, false],
    [{ StringEquals: { "aws:x": "${aws:y}" } }, { "aws:x": "v", "aws:y": "v" }, true],
  ])("%j on %j: %s", (condition, keys, expected) => expect(holds(condition, keys)).toBe(expected));

  it("with an operator that there is not is refused by name", () => {
    for (const operator of ["StringIs", "NullIfExists", "ForAllValues", "constructor"]) {
      expect(() => policy(allow({ Condition: { [operator]: { "aws:x": "a" } } }))).toThrow(new PolicySyntaxError(`Invalid Condition type : ${operator}.`));
    }
  });
});

describe("for any policies", () => {
  const ACTIONS = ["a:Get", "a:Put", "b:Get"];
  const RESOURCES = ["arn:x/1", "arn:x/2", "arn:y/1"];
  const pattern = (texts: string[]) => fc.constantFrom(...texts, "*", "a:*", "*:Get", "arn:x/*", "arn:?/1");
  const statement = fc.record({
    Effect: fc.constantFrom("Allow", "Deny"), Action: fc.array(pattern(ACTIONS), { minLength: 1, maxLength: 3 }), Resource: fc.array(pattern(RESOURCES), { minLength: 1, maxLength: 3 }),
    Condition: fc.option(fc.record({ StringEquals: fc.record({ "k:a": fc.constantFrom("1", "2") }) }), { nil: undefined }),
  });
  const request = fc.record({ action: fc.constantFrom(...ACTIONS), resource: fc.constantFrom(...RESOURCES), keys: fc.dictionary(fc.constant("k:a"), fc.constantFrom("1", "2")) });

  it("the order of statements, and how they are spread over policies, changes no decision", () => {
    fc.assert(fc.property(fc.array(statement, { maxLength: 6 }), fc.nat(), request, (statements, at, asked) => {
      const cut = statements.length === 0 ? 0 : at % statements.length;
      const one = ask(identity(...statements), asked).allowed;
      const turned = ask(identity(...statements.slice(cut), ...statements.slice(0, cut)), asked).allowed;
      const spread = ask({ identity: [policy(...statements.slice(0, cut)), policy(...statements.slice(cut))] }, asked).allowed;
      expect([turned, spread]).toEqual([one, one]);
    }));
  });

  it("more allowing statements allow no less, more denying ones no more", () => {
    fc.assert(fc.property(fc.array(statement, { maxLength: 5 }), statement, request, (statements, more, asked) => {
      const before = ask(identity(...statements), asked).allowed;
      if (before) expect(ask(identity(...statements, { ...more, Effect: "Allow" }), asked).allowed).toBe(true);
      else expect(ask(identity(...statements, { ...more, Effect: "Deny" }), asked).allowed).toBe(false);
    }));
  });

  it("a boundary never allows what was refused", () => {
    fc.assert(fc.property(fc.array(statement, { maxLength: 5 }), fc.array(statement, { maxLength: 3 }), request, (statements, bounds, asked) => {
      if (ask({ ...identity(...statements), boundary: policy(...bounds) }, asked).allowed) expect(ask(identity(...statements), asked).allowed).toBe(true);
    }));
  });

  it("any JSON is a policy or a syntax error", () => {
    fc.assert(fc.property(fc.json(), (text) => {
      try {
        parsePolicy("inline:p", text);
      } catch (error) {
        expect(error).toBeInstanceOf(PolicySyntaxError);
      }
    }));
  });
});
