/**
 * junit.xml: one test suite a run, one test case a check, in the form that Jenkins, GitLab and GitHub's reporters read
 * (https://github.com/testmoapp/junitxml describes it; Jenkins publishes the schema it accepts).
 */
import type { CheckResult, Results, ScenarioResult } from "../model/result";
import { escape } from "./escape";

export function junitXml(results: Results): string {
  const suites = results.scenarios.map(suite);
  const totals = suites.reduce((sum, each) => add(sum, each.counts), NONE);
  const time = results.scenarios.reduce((sum, each) => sum + each.wallSeconds, 0);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="spotproof" ${attributes(totals)} time="${time.toFixed(3)}">\n${suites.map(({ xml }) => xml).join("")}</testsuites>\n`;
}

interface Counts { tests: number; failures: number; errors: number; skipped: number }
const NONE: Counts = { tests: 0, failures: 0, errors: 0, skipped: 0 };
const add = (a: Counts, b: Counts): Counts => ({ tests: a.tests + b.tests, failures: a.failures + b.failures, errors: a.errors + b.errors, skipped: a.skipped + b.skipped });
const attributes = (counts: Counts): string => Object.entries(counts).map(([name, value]) => `${name}="${value}"`).join(" ");

interface Case { name: string; kind: "passed" | "failures" | "errors" | "skipped"; message: string; text: string }

const CHECK_KIND: Record<CheckResult["status"], Case["kind"]> = { pass: "passed", fail: "failures", unknown: "skipped" };
const ELEMENT: Record<Exclude<Case["kind"], "passed">, string> = { failures: "failure", errors: "error", skipped: "skipped" };

function suite(result: ScenarioResult): { xml: string; counts: Counts } {
  const cases: Case[] = result.checks.map((check) => ({
    name: check.name, kind: CHECK_KIND[check.status], message: check.detail, text: `${check.detail}\nRun it again: ${result.rerun}`,
  }));
  if (result.status === "error" || result.status === "unsupported") {
    const message = result.reason ?? result.status;
    cases.unshift({ name: "runs", kind: result.status === "error" ? "errors" : "skipped", message, text: `${message}\nRun it again: ${result.rerun}` });
  }
  const counts = cases.reduce((sum, { kind }) => add(sum, { ...NONE, tests: 1, ...(kind === "passed" ? {} : { [kind]: 1 }) }), NONE);
  const each = result.wallSeconds / Math.max(cases.length, 1);
  const body = cases.map((one) => testcase(result.name, one, each)).join("");
  return { counts, xml: `<testsuite name="${escape(result.name)}" ${attributes(counts)} time="${result.wallSeconds.toFixed(3)}">\n${body}</testsuite>\n` };
}

function testcase(suiteName: string, one: Case, seconds: number): string {
  const head = `<testcase classname="spotproof.${escape(suiteName)}" name="${escape(one.name)}" time="${seconds.toFixed(3)}"`;
  if (one.kind === "passed") return `${head}/>\n`;
  const element = ELEMENT[one.kind];
  const body = element === "skipped" ? `<skipped message="${escape(one.message)}"/>` : `<${element} message="${escape(one.message)}" type="${element}">${escape(one.text)}</${element}>`;
  return `${head}>${body}</testcase>\n`;
}
