import { AwsError } from "../../../../harness/region/core/types";
import { ec2QueryService } from "../../../../harness/region/wire/ec2-query";
import { queryService } from "../../../../harness/region/wire/query";
import { bodyText, request, testContext } from "../support/context";

const { context, defects } = testContext();
const operations = {
  Echo: (input: object) => ({ Got: JSON.stringify(input) }),
  List: () => ({ Things: [{ Name: "a", At: new Date("2026-01-01T00:00:00Z") }], Flag: false, Map: new Map([["k", "v"]]) }),
  Refuse: () => { throw new AwsError("NoSuchEntity", "The role with name <x> cannot be found.", 404); },
  Break: () => { throw new Error("oops"); },
  Nothing: () => undefined,
};
const query = queryService({ name: "iam", signingName: "iam", xmlns: "https://iam.amazonaws.com/doc/2010-05-08/", version: "2010-05-08", operations, region: context.region });
const ec2 = ec2QueryService({ name: "ec2", signingName: "ec2", operations: { ...operations, List: () => ({ thingSet: [{ name: "a", at: new Date("2026-01-01T00:00:00Z") }], return: true }) }, region: context.region });
const form = (text: string) => request({ text, headers: { "content-type": "application/x-www-form-urlencoded" } });

describe("AWS query", () => {
  it("wraps the output in Response and Result, with lists of members", async () => {
    const answer = await query.handle(form("Action=List&Version=2010-05-08"), context);
    expect(answer).toMatchObject({ status: 200, headers: { "content-type": "text/xml" } });
    expect(bodyText(answer.body)).toContain(
      '<ListResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ListResult><Things><member><Name>a</Name><At>2026-01-01T00:00:00Z</At></member></Things><Flag>false</Flag>'
      + "<Map><entry><key>k</key><value>v</value></entry></Map></ListResult><ResponseMetadata><RequestId>request-1</RequestId></ResponseMetadata></ListResponse>");
  });

  it("takes the parameters from the query string of a GET too", async () => {
    const answer = await query.handle(request({ method: "GET", query: "Action=Echo&RoleName=x" }), context);
    expect(bodyText(answer.body)).toContain("{&quot;RoleName&quot;:&quot;x&quot;}");
  });

  it("leaves out the result of an operation that has none", async () => {
    expect(bodyText((await query.handle(form("Action=Nothing"), context)).body)).not.toContain("NothingResult");
  });

  it("answers errors in its shape", async () => {
    const answer = await query.handle(form("Action=Refuse"), context);
    expect(answer.status).toBe(404);
    expect(bodyText(answer.body)).toContain("<Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>The role with name &lt;x&gt; cannot be found.</Message></Error><RequestId>request-1</RequestId>");
  });

  it.each(["Action=NoSuch", "Action.1=x", ""])("refuses the form %p as InvalidAction", async (text) => {
    const answer = await query.handle(form(text), context);
    expect(answer.status).toBe(400);
    expect(bodyText(answer.body)).toContain("<Code>InvalidAction</Code>");
  });
});

describe("EC2 query", () => {
  it("writes lists of items, and timestamps with milliseconds", async () => {
    const answer = await ec2.handle(form("Action=List&Version=2016-11-15"), context);
    expect(bodyText(answer.body)).toContain("<requestId>request-1</requestId><thingSet><item><name>a</name><at>2026-01-01T00:00:00.000Z</at></item></thingSet><return>true</return></ListResponse>");
  });

  it("answers errors in its shape", async () => {
    const answer = await ec2.handle(form("Action=Refuse"), context);
    expect(answer.status).toBe(404);
    expect(bodyText(answer.body)).toContain("<Response><Errors><Error><Code>NoSuchEntity</Code><Message>The role with name &lt;x&gt; cannot be found.</Message></Error></Errors><RequestID>request-1</RequestID></Response>");
  });

  it("answers a defect with InternalFailure and reports it", async () => {
    expect((await ec2.handle(form("Action=Break"), context)).status).toBe(500);
    expect(defects).toEqual([["ec2:Break", expect.any(Error)]]);
  });
});
