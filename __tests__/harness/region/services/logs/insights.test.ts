/** Queries of Logs Insights, on events written by hand; then by the API. */
import { CloudWatchLogsClient, GetQueryResultsCommand, StartQueryCommand } from "@aws-sdk/client-cloudwatch-logs";
import fc from "fast-check";
import { seconds } from "../../../../../harness/time/clock";
import { compileQuery } from "../../../../../harness/region/services/logs/insights/query";
import { naturalOrder } from "../../../../../harness/region/services/logs/insights/values";
import { startRegion, type TestRegion } from "../../support/region";

const START = Date.parse("2026-01-05T00:00:00Z");
const sources = (messages: readonly (object | string)[], everySeconds = 60) => messages.map((message, index) => ({
  id: String(index), timestamp: START + index * everySeconds * 1000, ingestionTime: START, message: typeof message === "string" ? message : JSON.stringify(message), stream: "s", log: "123456789012:g",
}));

/** The rows of a query, without @ptr. */
const rows = (query: string, messages: readonly (object | string)[], limit = 10_000): Record<string, string>[] =>
  compileQuery(query).run(sources(messages), limit).rows.map((row) => Object.fromEntries(row.filter(({ field }) => field !== "@ptr").map(({ field, value }) => [field, value])));
/** One column of it. */
const column = (name: string, query: string, messages: readonly (object | string)[]): (string | undefined)[] => rows(query, messages).map((row) => row[name]);
/** What an expression is of one event. */
const value = (expression: string, message: object | string = {}): string | undefined => rows(`fields ${expression} as it`, [message])[0]!["it"];

describe("what a query shows", () => {
  const two = [{ event: "a" }, { event: "b", inner: { deep: [1, { x: true }] } }];

  it("is time and message, newest first, when it says nothing", () => {
    expect(rows("filter ispresent(event)", two)).toEqual([
      { "@timestamp": "2026-01-05 00:01:00.000", "@message": JSON.stringify(two[1]) }, { "@timestamp": "2026-01-05 00:00:00.000", "@message": '{"event":"a"}' },
    ]);
  });
  it("is the fields that it names, those that an event lacks left out, with a pointer to each event", () => {
    expect(rows("fields event, inner.deep.0, inner.deep.1.x as deepest, `no such`", two)).toEqual([{ event: "b", "inner.deep.0": "1", deepest: "1" }, { event: "a" }]);
    expect(compileQuery("fields event").run(sources(two), 1).rows[0]!.at(-1)).toEqual({ field: "@ptr", value: expect.any(String) });
  });
  it("is what the last display says, whatever fields say", () => {
    expect(rows("fields event, @log | display event | fields @logStream | display @log, @logStream", two)[0]).toEqual({ "@log": "123456789012:g", "@logStream": "s" });
  });
  it("is at most what limit says, and the request's limit without one", () => {
    expect(rows("limit 1", two)).toHaveLength(1);
    expect(rows("fields event", two, 1)).toHaveLength(1);
  });
});

describe("filter", () => {
  const events = [{ n: 1, event: "started", ok: true }, { n: 10, event: "saved" }, { n: 9, event: "Started again", ok: false }, "plain text"];
  it.each([
    ["n = 9", ["9"]], ["n > 1", ["9", "10"]], ["n != 9", ["10", "1"]], ["event = 'saved'", ["10"]], ['event like "tarted"', ["9", "1"]], ["event like /(?i)^started/", ["9", "1"]],
    ["event =~ /^s/", ["10", "1"]], ["event not like /tarted/ and ispresent(n)", ["10"]], ["n in [1, 10]", ["10", "1"]], ["n not in [1, 10]", ["9"]], ["not (n = 1 or n = 9) and isPresent(n)", ["10"]],
    ["n = 1 or n = 9 and event = 'saved'", ["1"]], ["ok = 1", ["1"]], ["n + 1 = 10", ["9"]], ["missing != 1", []], ["@message like 'plain'", [undefined]],
  ])("%s", (condition, expected) => expect(column("n", `fields n | filter ${condition}`, events)).toEqual(expected));
});

describe("expressions", () => {
  it.each([
    ["2 + 3 * 4", "14"], ["2 ^ 3 % 5", "3"], ["(2 + 3) * 4", "20"], ["-1 + a / 4", "0.25"], ["coalesce(no, b.c, a)", "deep"], ["strlen('abc')", "3"], ["concat('a', 1, no)", "a1"],
    ["toupper(b.c)", "DEEP"], ["substr('abcdef', 2, 3)", "cde"], ["replace('a-b-c', '-', '+')", "a+b+c"], ["strcontains('abc', 'b')", "1"], ["greatest(3, 12, 4)", "12"], ["least('a', 'b')", "a"],
    ["trim('  x ')", "x"], ["ltrim('xxa', 'x')", "a"], ["isempty('')", "1"], ["isblank(' ')", "1"], ["abs(-2.5)", "2.5"], ["floor(2.7) + ceil(2.1)", "5"], ["1 / 0", undefined], ["1 / 3", "0.3333"],
    ["datefloor(@timestamp, 1h)", "2026-01-05 00:00:00.000"], ["toMillis(@timestamp)", String(START)], ["fromMillis(0)", "1970-01-01 00:00:00.000"], ["'# no comment' # a comment", "# no comment"],
  ])("%s", (expression, expected) => expect(value(expression.replace(/ # a comment$/, ""), { a: 5, b: { c: "deep" } })).toBe(expected));
});

describe("parse", () => {
  it("takes fields out by wildcards, from @message unless another field is named", () => {
    expect(rows('parse "user=*, took * ms" as user, took | filter took > 9 | display user, took', ["user=ann, took 12 ms", "user=bob, took 5 ms", "nothing"])).toEqual([{ user: "ann", took: "12" }]);
    expect(rows('parse arn "execution:*:*" as machine, name | display machine, name', [{ arn: "execution:m:run-1" }])).toEqual([{ machine: "m", name: "run-1" }]);
  });
  it("takes fields out by named groups", () => expect(rows("parse @message /took (?<took>\\d+)/ | display took", ["it took 12 ms"])).toEqual([{ took: "12" }]));
});

describe("sort", () => {
  it("orders numbers as numbers, after what is none, and is reversed by desc", () => {
    const events = ["10", "9", "a10", "a9", "B"].map((x) => ({ x }));
    expect(column("x", "fields x | sort x", events)).toEqual(["B", "a9", "a10", "9", "10"]);
    expect(column("x", "fields x | sort x desc", events)).toEqual(["10", "9", "a10", "a9", "B"]);
  });
  it("takes several keys", () => expect(column("x", "fields x | sort y asc, x desc", [{ x: 1, y: 1 }, { x: 2, y: 1 }, { x: 3, y: 0 }])).toEqual(["3", "2", "1"]));
  it("is a consistent order", () => {
    const values = fc.oneof(fc.integer(), fc.string(), fc.stringMatching(/^[a1]{0,3}\d{0,3}$/));
    fc.assert(fc.property(values, values, values, (a, b, c) => {
      expect(Math.sign(naturalOrder(a, b))).toBe(-Math.sign(naturalOrder(b, a)) + 0);
      if (naturalOrder(a, b) <= 0 && naturalOrder(b, c) <= 0) expect(naturalOrder(a, c)).toBeLessThanOrEqual(0);
    }));
  });
});

describe("stats", () => {
  const events = [{ t: "x", n: 1 }, { t: "y", n: 2 }, { t: "x", n: 4 }, { t: "x" }];
  it("makes one row of all, or one of each group, with the names given or the text written", () => {
    expect(rows("stats count(*), count(n) as counted, sum(n), avg(n) as mean, min(n), max(n), count_distinct(t)", events)).toEqual([{ "count(*)": "4", counted: "3", "sum(n)": "7", mean: "2.3333", "min(n)": "1", "max(n)": "4", "count_distinct(t)": "2" }]);
    expect(rows("stats count(*) as c, latest(n) as newest by t | sort c desc", events)).toEqual([{ t: "x", c: "3", newest: "4" }, { t: "y", c: "1", newest: "2" }]);
  });
  it("groups by time", () => expect(rows("stats count(*) as c by bin(2m) as at | sort at", events)).toEqual([{ at: "2026-01-05 00:00:00.000", c: "2" }, { at: "2026-01-05 00:02:00.000", c: "2" }]));
  it("counts nothing in one row, and makes no group of nothing", () => {
    expect(rows("filter t = 'z' | stats count(*) as c, max(n) as m", events)).toEqual([{ c: "0" }]);
    expect(rows("filter t = 'z' | stats count(*) by t", events)).toEqual([]);
  });
});

it("dedup keeps the first of each by the order so far, and those that lack the field", () => {
  expect(column("n", "fields n | dedup t", [{ t: "x", n: 1 }, { t: "x", n: 2 }, { n: 3 }, { n: 4 }])).toEqual(["4", "3", "2"]);
  expect(column("n", "fields n | sort n | dedup t", [{ t: "x", n: 1 }, { t: "x", n: 2 }])).toEqual(["1"]);
});

describe("a query that is none", () => {
  const refused = (query: string): object => {
    try {
      compileQuery(query);
    } catch (error) {
      const { code, status, message, members } = error as { code: string; status: number; message: string; members: { queryCompileError: { location?: { startCharOffset: number } } } };
      return { code, status, message, at: members.queryCompileError.location?.startCharOffset };
    }
    return {};
  };
  it.each([
    ["", "unexpected end of the query at line 1 and position 1", 0], ["fields", "unexpected end of the query at line 1 and position 7", 6], ["fields a |", "unexpected end of the query at line 1 and position 11", 10],
    ["fields a\n| filter )", "unexpected symbol found ) at line 2 and position 10", 18], ["fiels a", "unexpected symbol found fiels at line 1 and position 1", 0], ["filter strlength(a) = 1", "unknown function strlength at line 1 and position 8", 7],
    ["stats median(a)", "unknown aggregation function median at line 1 and position 7", 6], ["limit 0", "limit must be a whole number from 1 to 10000 at line 1 and position 7", 6], ['parse "a=*" as x, y', /^the pattern of parse has 1 wildcards, but 2 names/, 18],
    ["filter a like /(/", /^invalid regular expression/, 17], ["fields concat()", /^function concat takes 1 to 20 arguments/, 7], ["fields a b", "unexpected symbol found b at line 1 and position 10", 9], ["filter a = 'x", "unexpected symbol found ' at line 1 and position 12", 11],
  ])("%j is refused with its place", (query, message, at) => expect(refused(query)).toEqual({ code: "MalformedQueryException", status: 400, message: typeof message === "string" ? message : expect.stringMatching(message), at }));
  it.each([
    ["pattern @message", "pattern"], ["fields jsonParse(a)", "jsonParse"], ["stats pct(a, 90)", "pct"], ["stats count(*) by bin(1mo)", "1mo"],
  ])("%j is not supported, and named", (query, name) => expect(refused(query)).toMatchObject({ code: "MalformedQueryException", message: expect.stringMatching(new RegExp(`^The embedded region does not support .*\\('${name}' was given\\)\\.$`)) }));
});

describe("the operations", () => {
  let test: TestRegion;
  beforeAll(async () => { test = await startRegion(); });
  afterAll(() => test.region.close());

  it("run a query over several groups, within its times, and tell of it", async () => {
    const call = (operation: string, input: object) => test.region.call(test.region.admin, "cloudwatch-logs", operation, input);
    const client = new CloudWatchLogsClient(test.region.sdkConfig());
    await test.clock.run("query", async () => {
      const now = test.clock.now() / 1000;
      for (const group of ["one", "two"]) {
        await call("CreateLogGroup", { logGroupName: group });
        await call("CreateLogStream", { logGroupName: group, logStreamName: "s" });
        await call("PutLogEvents", { logGroupName: group, logStreamName: "s", logEvents: [{ timestamp: now - 60_000, message: '{"job":"old"}' }, { timestamp: now, message: '{"job":"new"}' }] });
      }
      const window = { startTime: Math.floor(now / 1000) - 5, endTime: Math.floor(now / 1000) + 5 };
      const { queryId } = await client.send(new StartQueryCommand({ logGroupNames: ["one", "two"], queryString: "stats count(*) as lines by job, @log", ...window }));
      expect(await client.send(new GetQueryResultsCommand({ queryId }))).toMatchObject({ status: "Running", results: [] });
      await test.clock.sleep(seconds(1.5));
      expect(await client.send(new GetQueryResultsCommand({ queryId }))).toMatchObject({
        status: "Complete", statistics: { recordsMatched: 2, recordsScanned: 2, bytesScanned: 26 },
        results: [[{ field: "job", value: "new" }, { field: "@log", value: "123456789012:one" }, { field: "lines", value: "1" }], [{ field: "job", value: "new" }, { field: "@log", value: "123456789012:two" }, { field: "lines", value: "1" }]],
      });
      await expect(call("StopQuery", { queryId })).rejects.toMatchObject({ code: "InvalidParameterException", message: `The specified query ${queryId} is not running.` });
      const { queryId: second } = await call("StartQuery", { logGroupIdentifiers: ["arn:aws:logs:us-east-1:123456789012:log-group:one:*"], queryString: "limit 1", ...window });
      expect(await call("StopQuery", { queryId: second })).toEqual({ success: true });
      expect((await call("DescribeQueries", { status: "Cancelled" })).queries).toMatchObject([{ queryId: second, logGroupName: "one", queryString: "limit 1" }]);
      expect((await call("DescribeQueries", {})).queries.map(({ status }: { status: string }) => status)).toEqual(["Cancelled", "Complete"]);
      await expect(client.send(new StartQueryCommand({ logGroupName: "one", queryString: "no", ...window }))).rejects.toMatchObject({ name: "MalformedQueryException", queryCompileError: { location: { startCharOffset: 0, endCharOffset: 2 } } });
      await expect(call("StartQuery", { logGroupName: "none", queryString: "limit 1", ...window })).rejects.toMatchObject({ code: "ResourceNotFoundException" });
      await expect(call("StartQuery", { queryString: "limit 1", ...window })).rejects.toMatchObject({ code: "InvalidParameterException" });
      await expect(call("GetQueryResults", { queryId: "none" })).rejects.toMatchObject({ code: "ResourceNotFoundException" });
    });
    client.destroy();
  });
});
