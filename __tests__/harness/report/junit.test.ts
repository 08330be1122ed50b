import { XMLParser, XMLValidator } from "fast-xml-parser";
import { junitXml } from "../../../harness/report/junit";
import { sampleResults } from "./sample";

const parse = (xml: string) => new XMLParser({ ignoreAttributes: false, attributeNamePrefix: "", isArray: (name) => ["testsuite", "testcase"].includes(name) }).parse(xml);

describe("junit.xml", () => {
  const xml = junitXml(sampleResults());

  test("is well-formed XML, whatever a check's detail holds", () => {
    expect(XMLValidator.validate(xml)).toBe(true);
    expect(xml).not.toContain("\u0007");
  });

  test("has one suite a run and one case a check, counted by outcome", () => {
    const { testsuites } = parse(xml);
    expect(testsuites).toMatchObject({ tests: "4", failures: "1", errors: "1", skipped: "1" });
    expect(testsuites.testsuite[0].testcase.map((one: { name: string }) => one.name)).toEqual(["completes", "lost-work", "spot-request-status"]);
  });

  test("a failed check says what was expected and how to run it again", () => {
    const { testsuites } = parse(xml);
    expect(testsuites.testsuite[0].testcase[1].failure.message).toContain("expected at most 20 s");
    expect(testsuites.testsuite[0].testcase[1].failure["#text"]).toContain("npm run scenario --");
  });

  test("a run that could not start is an error with its reason", () => {
    const { testsuites } = parse(xml);
    expect(testsuites.testsuite[1].testcase[0].error.message).toContain("bootcmd");
  });
});
