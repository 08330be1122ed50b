import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { writeReports } from "../../../harness/report";
import { reportHtml } from "../../../harness/report/html";
import type { Cost } from "../../../harness/model/cost";
import { sampleHistory, sampleResults } from "./sample";

describe("report.html", () => {
  const page = reportHtml(sampleResults(), [sampleHistory()]);

  test("asks the network for nothing", () => {
    expect(page).not.toMatch(/(src|href)="(?!#)/);
    expect(page).not.toMatch(/url\(|@import|<script/);
  });

  test("shows text as text, whatever it holds", () => {
    expect(page).toContain("vanish &lt;sample&gt;");
    expect(page).not.toContain("<sample>");
  });

  test("says why a cost is not known, and where the prices are", () => {
    const results = sampleResults();
    const [first, ...rest] = results.scenarios;
    const pageOf = (costDollars: Cost): string => reportHtml({ ...results, scenarios: [{ ...first!, costDollars }, ...rest] }, [sampleHistory()]);
    expect(pageOf({ spot: 0.004, onDemand: 0.012 })).not.toMatch(/not known|aws\.amazon\.com/);
    expect(pageOf({ spot: 0.004, onDemand: null })).toMatch(/\$0\.0040.*not known.*EC2 tells Spot prices alone.*aws\.amazon\.com\/ec2\/pricing/s);
    expect(pageOf({ spot: null, onDemand: null })).toContain("an instance ran On-Demand, or EC2 told no Spot price");
  });

  test("the same results give the same bytes", () => {
    expect(reportHtml(sampleResults(), [sampleHistory()])).toBe(page);
  });
});

const BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const browser = process.env["CHROME_PATH"] ??
  BROWSERS.flatMap((name) => (process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, name))).find((file) => existsSync(file));
const inBrowser = browser === undefined ? describe.skip : describe;

inBrowser(`report.html in a real browser${browser === undefined ? " (no Chromium found: install one or set CHROME_PATH)" : ""}`, () => {
  const folder = mkdtempSync(join(tmpdir(), "spotproof-report-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("lays out without overflow, errors or requests, narrow and wide, light and dark", async () => {
    const { html } = writeReports(folder, sampleResults(), [sampleHistory()]);
    const { default: puppeteer } = await import("puppeteer-core");
    const chrome = await puppeteer.launch({
      executablePath: browser!, userDataDir: join(folder, "profile"),
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    });
    try {
      const tab = await chrome.newPage();
      const troubles: string[] = [];
      tab.on("pageerror", (error) => troubles.push(String(error)));
      tab.on("console", (message) => troubles.push(message.text()));
      tab.on("request", (request) => { if (!request.url().startsWith("file:")) troubles.push(request.url()); });
      for (const scheme of ["light", "dark"]) {
        for (const width of [360, 1200]) {
          await tab.setViewport({ width, height: 900 });
          await tab.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
          await tab.goto(pathToFileURL(html).href);
          const seen = await tab.evaluate(`(() => {
            const visible = [...document.querySelectorAll("article svg[role=img]")].filter((svg) => svg.getBoundingClientRect().width > 0);
            return { overflow: document.documentElement.scrollWidth - innerWidth, charts: visible.length, losses: visible[0].querySelectorAll(".loss").length,
              background: getComputedStyle(document.body).backgroundColor, smallest: Math.min(...visible.flatMap((svg) => [...svg.querySelectorAll("text")].filter((t) => t.textContent).map((t) => t.getBoundingClientRect().height))) };
          })()`) as { overflow: number; charts: number; losses: number; background: string; smallest: number };
          expect(seen).toMatchObject({ charts: 1, losses: 1 });
          expect(seen.overflow).toBeLessThanOrEqual(0);
          expect(seen.smallest).toBeGreaterThan(9);
          expect(seen.background).toBe(scheme === "dark" ? "rgb(18, 22, 28)" : "rgb(255, 255, 255)");
        }
      }
      expect(troubles).toEqual([]);
    } finally {
      await chrome.close();
    }
  });
});
