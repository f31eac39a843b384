import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseHTML } from "linkedom";
import { afterAll, expect, test } from "vitest";
import { exampleConfig, exampleResult } from "../../../test/report/example.ts";
import { unbalanced } from "../../../test/report/markup.ts";
import { bareCard, exampleCard, exampleClaims, exampleNull } from "../../../test/support/claims.ts";
import type { Claim } from "../../claims/claim.ts";
import { readClaims } from "../../claims/claims-file.ts";
import { assembleReportClaims } from "../../claims/report-claims.ts";
import { writeReport } from "../write.ts";

const root = fs.mkdtempSync(path.join(os.tmpdir(), "physlens-claims-"));
afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

const cards = [exampleCard(), bareCard(), exampleCard({ null: [exampleNull(60)] })];
const claims = assembleReportClaims(
  (Object.values(exampleClaims) as Claim[]).map((claim, i) => ({
    claim: i === 0 ? { ...claim, statement: "It <b>bends</b> & turns." } : claim,
    card: cards[i % 3]!,
  })),
);

async function written(name: string, result = { ...exampleResult(), claims }) {
  const folder = path.join(root, name);
  const report = await writeReport(folder, result, { config: exampleConfig });
  const html = fs.readFileSync(path.join(folder, "report.html"), "utf8");
  return { folder, report, html, document: parseHTML(html).document };
}

test("the claims come first after the summary, each as a card with its verdict and every heading", async () => {
  const { document, html } = await written("cards");
  expect(unbalanced(html)).toBe("");
  const sections = [...document.querySelectorAll("main > section")].map(({ id }) => id);
  expect(sections.slice(0, 3)).toEqual(["answer", "claims", "section-1"]);
  expect(document.querySelector("nav a")?.getAttribute("href")).toBe("#claims");
  const articles = [...document.querySelectorAll("article.claim")];
  expect(articles.map((article) => article.querySelector(".verdict")?.textContent).slice(0, 3)).toEqual([
    "supported",
    "mixed",
    "not supported",
  ]);
  for (const article of articles) {
    const asked = [...article.querySelectorAll("tbody th")].map((cell) => cell.textContent);
    expect(new Set(asked).size).toBe(8);
    expect(document.getElementById(article.getAttribute("aria-labelledby")!)).not.toBeNull();
  }
  const [first, second] = articles.map((article) => article.textContent!);
  expect(first).toContain("It <b>bends</b> & turns.");
  expect(first).toContain("p at its floor of 0.001");
  expect(first).toContain("observed 0.92, null median 0.62, 95 % of draws below 0.77");
  expect(second!.match(/not run/g)?.length).toBe(8);
  expect(second).toContain("not part of this example");
  expect(articles[3]!.querySelector("math")).not.toBeNull();
});

test("claims.json stands beside the report and reads back as the claims", async () => {
  const { folder, report } = await written("file");
  expect(report.files.slice(-2)).toEqual(["claims.json", "report.html"]);
  expect(readClaims(fs.readFileSync(path.join(folder, "claims.json"), "utf8"), "claims.json")).toEqual(
    claims,
  );
});

test("a result without claims has neither the part nor the file", async () => {
  const { document, report } = await written("none", { ...exampleResult(), claims: [] });
  expect(document.getElementById("claims")).toBeNull();
  expect(report.files).not.toContain("claims.json");
});
