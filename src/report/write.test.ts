import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseHTML } from "linkedom";
import { afterAll, expect, test } from "vitest";
import {
  exampleConfig,
  exampleDots,
  exampleResult,
  exampleScene,
  exampleTable,
} from "../../test/report/example.ts";
import { unbalanced } from "../../test/report/markup.ts";
import { parseCsv } from "../data/csv.ts";
import { numbers } from "../data/table.ts";
import { writeReport } from "./write.ts";

const root = fs.mkdtempSync(path.join(os.tmpdir(), "physlens-report-"));
afterAll(() => fs.rmSync(root, { recursive: true, force: true }));
let runs = 0;
const folder = () => path.join(root, `run-${runs++}`);
const read = (dir: string, file: string) => fs.readFileSync(path.join(dir, file));

async function written() {
  const dir = folder();
  const report = await writeReport(dir, exampleResult(), { config: exampleConfig });
  const html = read(dir, "report.html").toString();
  return { dir, report, html, document: parseHTML(html).document };
}

test("every file said is there, none else, and a second run writes the same bytes", async () => {
  const first = await written();
  const second = await written();
  const there = fs
    .readdirSync(first.dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(first.dir, path.join(entry.parentPath, entry.name)));
  expect(there.sort()).toEqual([...first.report.files].sort());
  expect(first.report.files.at(-1)).toBe("report.html");
  for (const file of there) expect(read(first.dir, file).equals(read(second.dir, file)), file).toBe(true);
});

test("every link within the run leads to a file and every anchor to a part of the page", async () => {
  const { dir, document } = await written();
  const targets = [...document.querySelectorAll("a")].map((a) => a.getAttribute("href")!);
  const local = targets.filter((href) => !/^(https?:|#)/.test(href));
  for (const expected of ["figures/dots.svg", "figures/helix.png", "data/dots.csv", "data/long.csv"]) {
    expect(local).toContain(expected);
  }
  for (const href of local) expect(fs.existsSync(path.join(dir, decodeURIComponent(href))), href).toBe(true);
  for (const href of targets.filter((target) => target.startsWith("#"))) {
    expect(document.getElementById(href.slice(1)), href).not.toBeNull();
  }
});

test("the page asks for nothing: addresses stand only in links to follow", async () => {
  const { document, html } = await written();
  for (const element of document.querySelectorAll("*")) {
    for (const { name, value } of element.attributes) {
      if (element.tagName === "A" && name === "href") continue;
      if (name.startsWith("xmlns")) continue;
      expect(value, `${element.tagName} ${name}`).not.toMatch(/https?:|^\/\//);
      expect(name, element.tagName).not.toMatch(/^(src|srcset|data|action|on\w+)$/);
    }
  }
  expect(document.querySelectorAll("img, iframe, object, embed, link, base, form").length).toBe(0);
  expect([...document.querySelectorAll("style")].map((style) => style.textContent).join()).not.toMatch(
    /url\(|@import/,
  );
  expect(document.querySelector("meta[http-equiv]")?.getAttribute("content")).toContain("default-src 'none'");
  const scripts = [...document.querySelectorAll("script")];
  expect(scripts.map((script) => script.getAttribute("type"))).toEqual(["application/json", null]);
  expect(html).not.toMatch(/\b20\d\d-\d\d-\d\dT/);
});

test("a report without a scene has no script at all", async () => {
  const dir = folder();
  await writeReport(dir, exampleResult({ figures: [exampleDots("dots")] }), { config: exampleConfig });
  expect(read(dir, "report.html").toString()).not.toContain("<script");
});

test("the page is well-formed and what was text stays text", async () => {
  const { document, html } = await written();
  expect(unbalanced(html)).toBe("");
  expect(html).not.toContain("<script>alert");
  expect(html).not.toContain("<img");
  expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt; &amp; safe?");
  expect(document.querySelector("h1")?.textContent).toBe("A <title>");
  expect(document.querySelector(".callout.warning")?.textContent).toContain('<img src=x onerror="alert(1)">');
  expect(document.querySelector("#cite pre")?.textContent).toContain("</pre><script>x</script>");
  expect(document.querySelector("#configuration tbody")?.textContent).toContain("<option>");
});

test("it can be read by ear: one h1, headings in order, every picture and table named", async () => {
  const { document } = await written();
  const levels = [...document.querySelectorAll("h1, h2, h3")].map((heading) => Number(heading.tagName[1]));
  expect(levels.filter((level) => level === 1)).toEqual([1]);
  levels.forEach((level, i) => {
    if (i > 0) expect(level - levels[i - 1]!).toBeLessThanOrEqual(1);
  });
  expect(document.documentElement.getAttribute("lang")).toBe("en");
  for (const svg of document.querySelectorAll("figure svg")) {
    expect(svg.getAttribute("role")).toBe("img");
    expect(svg.getAttribute("aria-label")?.length).toBeGreaterThan(10);
  }
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  expect(new Set(ids).size).toBe(ids.length);
});

test("it says what was asked and found, the numbers, the formula, the data, the configuration, how to cite", async () => {
  const { document } = await written();
  const all = document.querySelector("main")?.textContent ?? "";
  for (const said of ["It is <b>safe</b>.", "helix.N.turns", "2.01", "10.50 ± 0.25", "Width of a block."]) {
    expect(all).toContain(said);
  }
  expect(all).toContain("First 12 of 100 rows");
  expect(all).toContain("Figure 2. A helix.");
  expect(document.querySelectorAll("math").length).toBe(1);
  const links = [...document.querySelectorAll("a")].map((a) => a.getAttribute("href"));
  for (const href of [
    "https://arxiv.org/abs/2405.17425",
    "https://doi.org/10.1000/x.1",
    "https://example.org/table",
  ]) {
    expect(links).toContain(href);
  }
  expect(document.querySelectorAll("#cite li").length).toBe(2);
});

test("the CSV beside a figure reads back as the figure's numbers", async () => {
  const { dir } = await written();
  const table = parseCsv(read(dir, "data/dots.csv"), { source: "dots.csv" });
  expect(numbers(table, "B").unit).toBe("keV");
  expect([...numbers(table, "B").values]).toEqual([...numbers(exampleTable("dots", 16), "B").values]);
});

test("progress runs to one and a character that the font lacks is reported", async () => {
  const seen: number[] = [];
  const figure = exampleDots("dots", { x: { label: "∇ step" } });
  const report = await writeReport(folder(), exampleResult({ figures: [figure] }), {
    config: exampleConfig,
    onFile: (_, fraction) => seen.push(fraction),
  });
  expect(seen.at(-1)).toBe(1);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(report.warnings).toEqual([expect.stringMatching(/figure 'dots'.*∇/)]);
});

test.each([
  ["twice", { figures: [exampleDots("a"), exampleScene("a")] }],
  ["twice", { tables: [exampleTable("dots", 2)] }],
  ["twice", { figures: [exampleDots("Case"), exampleDots("case")] }],
  ["file's name", { figures: [exampleDots("../up")] }],
  ["file's name", { tables: [exampleTable("two words", 2)] }],
  ["file's name", { tables: [exampleTable("", 2)] }],
  ["not TeX", { formulas: [{ label: "bad", tex: "\\frac{1" }] }],
])("%s: a result that cannot be written is refused and leaves no report", async (said, more) => {
  const dir = folder();
  await expect(writeReport(dir, exampleResult(more), { config: exampleConfig })).rejects.toThrow(said);
  expect(fs.existsSync(path.join(dir, "report.html"))).toBe(false);
});

test.each(["../x.npy", "/etc/x", "a//b", "dots.csv", ".hidden"])(
  "the data file %j is refused",
  async (name) => {
    const result = { ...exampleResult(), files: [{ name, bytes: new Uint8Array(1) }] };
    await expect(writeReport(folder(), result, { config: exampleConfig })).rejects.toThrow(name);
  },
);
