import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { HistoryEventType } from "@aws-sdk/client-sfn";
import { PREDEFINED_ERRORS } from "../../../harness/asl/errors";
import { EVENT_TYPES } from "../../../harness/asl/event-types";
import { INTRINSIC_FUNCTIONS } from "../../../harness/asl/jsonpath/intrinsic-functions";
import type { InertMembers, RefusedMembers } from "../../../harness/region/core/unsupported";
import { firstDifference, PAGE } from "../../../scripts/support";
import { featureSupport } from "../../../scripts/support/document";
import { page, table } from "../../../scripts/support/markdown";
import { operationFiles, unnamedMembers } from "../../../scripts/support/members";
import { commentsOf } from "../../../scripts/support/settings";

const HARNESS = join(__dirname, "..", "..", "..", "harness");

let generated: string;
beforeAll(async () => { generated = await featureSupport(); });

describe("docs/feature-support.md", () => {
  it("says what the code says; write it anew with: npm run support", () => {
    expect(firstDifference(readFileSync(PAGE, "utf8"), generated)).toBeUndefined();
  });

  it("comes out the same each time", async () => {
    expect(await featureSupport()).toBe(generated);
  });

  it("links its contents to headings that exist, each once", () => {
    const headings = [...generated.matchAll(/^#{2,} (.+)$/gm)].map(([, title]) => title!.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, "").replace(/ /g, "-"));
    const links = [...generated.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor!);
    expect(links.filter((anchor) => !headings.includes(anchor))).toEqual([]);
    expect(headings.filter((heading, index) => headings.indexOf(heading) !== index)).toEqual([]);
  });

  it("tells every operation either as had or as refused", () => {
    const [, had, refused] = /### ec2\n\n(Operations: .*)\n\n<details>[^]*?\n\n(.*)\n/.exec(generated)!;
    expect([had!.includes("`RunInstances`"), refused!.includes("`RunInstances`")]).toEqual([true, false]);
    expect([had!.includes("`RebootInstances`"), refused!.includes("`RebootInstances`")]).toEqual([false, true]);
  });
});

describe("limits beside the code", () => {
  const files = (readdirSync(HARNESS, { recursive: true }) as string[]).filter((file) => /(^|\/)limits\.ts$/.test(file));

  it.each(files)("%s: every refusal is made of its phrase, and the page has it", (file) => {
    const { REFUSED = {}, SIMPLIFIED = {} } = require(join(HARNESS, file)) as { REFUSED?: Record<string, string>; SIMPLIFIED?: Record<string, string> };
    const folder = join(HARNESS, dirname(file));
    const source = (readdirSync(folder, { recursive: true }) as string[]).filter((name) => name.endsWith(".ts") && name !== "limits.ts").map((name) => readFileSync(join(folder, name), "utf8")).join("\n");
    expect(Object.keys(REFUSED).filter((key) => !source.includes(`REFUSED.${key}`))).toEqual([]);
    expect([...Object.values(REFUSED), ...Object.values(SIMPLIFIED)].filter((text) => !generated.includes(text))).toEqual([]);
  });
});

it("says what the first difference is", () => {
  expect(firstDifference("a\nb\n", "a\nb\n")).toBeUndefined();
  expect(firstDifference("a\nb", "a\nc")).toBe("line 2 is\n  b\nand the code says\n  c");
  expect(firstDifference("a\nb", "a")).toBe("line 2 is\n  b\nand the code says\n  (the end)");
});

it("takes the meaning of a setting from its comment", () => {
  expect(commentsOf("region/core/types.ts", "RegionSettings").get("noticeSeconds")).toBe("How long before a Spot interruption its notice appears.");
  expect(() => commentsOf("region/core/types.ts", "Nothing")).toThrow("no interface Nothing");
});

it("writes tables and contents that Markdown reads", () => {
  expect(table(["a", "b"], [["x|y", "two\nlines"]])).toBe("| a | b |\n| --- | --- |\n| x\\|y | two lines |");
  expect(page("T", [], [{ title: "One's (own)", blocks: ["x"] }])).toContain("- [One's (own)](#ones-own)");
});

describe("tables that are no part of what they list", () => {
  const sources = (folder: string): string => (readdirSync(join(HARNESS, folder), { recursive: true }) as string[]).filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(join(HARNESS, folder, file), "utf8")).join("\n");

  it("the predefined errors are those that the interpreter names", () => {
    const named = new Set([...sources("asl").replace(/export const PREDEFINED_ERRORS[^]*?\n};/, "").matchAll(/"(States\.[A-Za-z]+)"/g)].map(([, name]) => name!));
    expect(Object.keys(PREDEFINED_ERRORS).filter((name) => !named.has(name))).toEqual([]);
    expect([...named].filter((name) => !(name in PREDEFINED_ERRORS) && !(name in INTRINSIC_FUNCTIONS))).toEqual([]);
  });

  it("the types of events are AWS's own", () => {
    expect(EVENT_TYPES.filter((type) => !(type in HistoryEventType))).toEqual([]);
  });

  it("what a guest's Python replaces is what changes when it is installed", () => {
    const script = `
import datetime, importlib, json, sys
sys.path.insert(0, ${JSON.stringify(join(HARNESS, "region", "guest", "python"))})
import spotproof_guest
modules = {name: importlib.import_module(name) for name in spotproof_guest.REPLACED}
def public():
    found = {}
    for module, here in modules.items():
        for name in getattr(here, "__all__", vars(here)):
            value = getattr(here, name)
            if name.startswith("_"): continue
            found[module, name] = value
            if isinstance(value, type) and value.__module__ == module:
                for member, function in vars(value).items():
                    if not member.startswith("_"): found[module, name + "." + member] = function
    return found
before = public()
spotproof_guest.install(False)
changed = {key for key, value in public().items() if before.get(key) is not value}
changed = {(module, name) for module, name in changed if (module, name.split(".")[0]) not in changed or "." not in name}
refused = {tuple(what.split(".", 1)) for what, _ in spotproof_guest.refusals.table()}
listed = {(module, name) for module, names in spotproof_guest.REPLACED.items() for name in names}
print(json.dumps({"unlisted": sorted(changed - refused - listed), "unchanged": sorted(key for key in listed - changed if key in before)}))
`;
    expect(JSON.parse(spawnSync("python3", ["-B", "-c", script], { encoding: "utf8" }).stdout)).toEqual({ unlisted: [], unchanged: [] });
  });
});

describe("members of requests", () => {
  const SERVICES_FOLDER = join(HARNESS, "region", "services");
  /** Operations that refuse by name whatever they do not know. */
  const REFUSE_ALL_OTHERS: Record<string, string[]> = { dynamodb: ["CreateTable", "UpdateTable"], ec2: ["CreateFleet", "ModifyInstanceAttribute", "RequestSpotInstances", "RunInstances"], sfn: ["StartSyncExecution"] };
  /** What S3 handles alike for all operations, by the beginnings of the names: `index.ts`, `integrity.ts`, `description.ts`. */
  const S3_FAMILIES = /^(Body|Metadata|AccessControlPolicy|content-length|response-.*|x-amz-(checksum|grant|object-lock|server-side-encryption-customer|copy-source-server-side-encryption-customer|expected-bucket-owner|source-expected-bucket-owner).*)$/;
  /** What is read where the search does not come: in Lambda's routes, in the store of launch templates. */
  const READ_ELSEWHERE: Record<string, string[]> = { lambda: ["tagKeys"], ec2: ["LaunchTemplateId", "LaunchTemplateName"] };

  it.each([
    ["cloudwatch", "cloudwatch"], ["cloudwatch-logs", "logs"], ["dynamodb", "dynamodb"], ["ec2", "ec2"], ["eventbridge", "events"], ["iam", "iam"], ["kms", "kms"], ["lambda", "lambda"],
    ["resource-groups-tagging-api", "tagging"], ["elastic-load-balancing-v2", "elbv2"], ["s3", "s3"], ["sfn", "sfn"], ["sqs", "sqs"], ["ssm", "ssm"], ["sts", "sts"],
  ])("of %s: none is ignored in silence", (client, name) => {
    const folder = join(SERVICES_FOLDER, name);
    const limits = existsSync(join(folder, "limits.ts")) ? (require(join(folder, "limits.ts")) as { REFUSED_MEMBERS?: RefusedMembers; INERT_MEMBERS?: InertMembers }) : {};
    const ignored = [...operationFiles(folder)].flatMap(([operation, file]) => {
      if (REFUSE_ALL_OTHERS[name]?.includes(operation)) return [];
      const stated = { ...limits.REFUSED_MEMBERS?.[operation], ...limits.INERT_MEMBERS?.[operation], ...limits.INERT_MEMBERS?.["*"] };
      const unnamed = unnamedMembers(`@aws-sdk/client-${client}`, folder, operation, file) ?? [];
      return unnamed.filter((member) => !(member in stated) && !(name === "s3" && S3_FAMILIES.test(member)) && !READ_ELSEWHERE[name]?.includes(member)).map((member) => `${operation} ${member}`);
    });
    expect(ignored).toEqual([]);
  });
});
