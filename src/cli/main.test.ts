import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fakeStudy } from "../../test/fixtures/fake-study.ts";
import { main } from "./main.ts";

let base: string;
beforeAll(() => {
  base = fs.mkdtempSync(path.join(os.tmpdir(), "physlens-cli-"));
});
afterAll(() => fs.rmSync(base, { recursive: true, force: true }));

/** Runs a command in this process: exit status, answer and standard error. */
async function physlens(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  let out = "";
  let err = "";
  const status = await main(args, {
    studies: { fake: async () => fakeStudy },
    home: path.join(base, "home"),
    print: (line) => {
      out += `${line}\n`;
    },
    stderr: { write: (text: string) => (err += text) },
  });
  return { status, out, err };
}

test("a run prints the estimate first, then the summary and the report's place", async () => {
  const { status, out, err } = await physlens("run", "fake", "--out", path.join(base, "a"), "--threads", "1");
  expect(status).toBe(0);
  expect(err.split("\n")[0]).toBe("estimated 0.0 s on 1 thread: 3 numbers");
  expect(out).toMatch(/^The mean of 3 numbers is -?\d+\.\d{3} MeV\.\n\nreport: /);
  const report = out.trimEnd().split("report: ")[1]!;
  expect(fs.readFileSync(report, "utf8")).toContain("<html");
});

test("flags, --set and presets end in the same option, wherever they stand", async () => {
  const options = async (name: string, ...args: string[]) => {
    const out = path.join(base, name);
    expect((await physlens(...args, "--out", out)).status).toBe(0);
    return JSON.parse(fs.readFileSync(path.join(out, "config.json"), "utf8")).options;
  };
  const wanted = { steps: 4, delay: 0, scaleBy: -2.5, kind: "uniform", shifted: true, fail: "" };
  const flags = ["--steps", "4", "--scale-by", "-2.5", "--kind", "uniform", "--shifted"];
  expect(await options("b", "run", "fake", ...flags)).toEqual(wanted);
  const sets = ["steps=4", "scaleBy=-2.5", "kind=uniform", "shifted=true"].flatMap((text) => ["--set", text]);
  expect(await options("c", "run", ...sets, "fake")).toEqual(wanted);
  expect(await options("d", "run", "--preset", "full", "fake", "--no-shifted")).toMatchObject({
    steps: 6,
    shifted: false,
  });
  expect(
    await options("e", "run", "fake", "--preset", "full", "--steps=2", "--shifted", "false"),
  ).toMatchObject({
    steps: 2,
    shifted: false,
  });
});

test("show and compare read runs by folder and by id", async () => {
  await physlens("run", "fake", "--seed", "1");
  await physlens("run", "fake", "--seed", "2", "--steps", "5");
  const folder = path.join(base, "home", "runs", "fake-quick-seed1");
  const metrics = JSON.parse(fs.readFileSync(path.join(folder, "metrics.json"), "utf8"));
  for (const name of [folder, "fake-quick-seed1"]) {
    const { status, out } = await physlens("show", name);
    expect(status).toBe(0);
    expect(out).toMatch(/physlens run fake --preset quick --seed 1\n/);
    expect(out).toMatch(/The mean of 3 numbers/);
    const shown = /^mean\.MeV +(\S+)$/m.exec(out)![1]!;
    expect(Number(shown)).toBeCloseTo(metrics["mean.MeV"], 5);
    expect(out).toMatch(/^draws\.count +supported +0\.001 +0\.001 +0\.001 +This is a count\.$/m);
  }
  const { out } = await physlens("compare", "fake-quick-seed1", "fake-quick-seed2");
  expect(out).toMatch(/^ +fake-quick-seed1 +fake-quick-seed2$/m);
  expect(out).toMatch(/^seed +1 +2$/m);
  expect(out).toMatch(/^steps +3 +5$/m);
  expect(out).toMatch(/^count +3 +5$/m);
  expect(out).toMatch(/^draws\.count +supported +supported \(.+\)$/m);
  expect(out).not.toMatch(/^kind/m);
  expect((await physlens("show")).out).toMatch(/fake-quick-seed2 +done/);
});

test("studies, lenses and data are listed", async () => {
  expect((await physlens("studies")).out).toBe(`fake  ${fakeStudy.question}\n`);
  expect((await physlens("lenses")).out).toMatch(/^embedding: .*\n {2}mechanistic, global/);
  expect((await physlens("data", "list")).out).toMatch(/^ame2020 +not added/m);
  expect((await physlens("run", "fake", "--help")).out).toMatch(
    /--scale-by <number> +What each is multiplied by\./,
  );
  expect((await physlens("--version")).out).toMatch(/^\d+\.\d+\.\d+\n$/);
});

describe("bad input", () => {
  const usage: [string, RegExp][] = [
    ["", /Usage: physlens/],
    ["rnu fake", /unknown command 'rnu'.*\n?.*run/],
    ["run", /missing required argument 'study'/],
    ["run faek", /unknown study 'faek'; did you mean 'fake'\?/],
    ["run faek --steps 3", /unknown study 'faek'/],
    ["run fake extra", /too many arguments/],
    ["run fake --preset qiuck", /unknown preset 'qiuck' of fake; did you mean 'quick'\?/],
    ["run fake --step 3", /unknown option '--step'[\s\S]*--steps/],
    ["run fake --set step=3", /unknown option 'step'; did you mean 'steps'\?/],
    ["run fake --set steps", /--set: expected name=value, got 'steps'/],
    ["run fake --set =3", /--set: expected name=value/],
    ["run fake --set steps=2 --steps 3", /option 'steps' is given twice: 2 and 3/],
    ["run fake --steps -3", /'steps': expected a whole number from 1 to 100, got "-3"/],
    ["run fake --steps", /argument missing/],
    ["run fake --kind cauchy", /'kind': expected one of normal, uniform/],
    ["run fake --seed -1", /seed: expected a whole number from 0/],
    ["run fake --seed 1.5", /seed/],
    ["run fake --threads some", /--threads: expected a whole number/],
    ["run fake --out /dev/null", /\/dev\/null exists and holds something that is not a folder/],
    ["show a b", /too many arguments/],
    ["compare", /missing required argument 'run'/],
    ["data add", /missing required argument 'name'/],
    ["data add ame2021 --file x", /unknown data set 'ame2021'/],
    ["data add ame2020", /--file F or --download/],
  ];
  test.each(usage)("physlens %s: status 2", async (line, message) => {
    const { status, err } = await physlens(...line.split(" ").filter((word) => word !== ""));
    expect(err).toMatch(message);
    expect(status).toBe(2);
  });

  const failures: [string, RegExp][] = [
    ["run fake --fail user", /physlens: column 'Z': row 3 is NaN/],
    ["run fake --fail bug", /unexpected error[\s\S]*RangeError: a bug/],
    ["run fake --out /proc/physlens", /\/proc\/physlens/],
    ["show nothing", /no run 'nothing'/],
    ["compare nothing", /no run 'nothing'/],
    ["data add ame2020 --file /nowhere/mass.mas20", /\/nowhere\/mass\.mas20/],
  ];
  test.each(failures)("physlens %s: status 1", async (line, message) => {
    const { status, err } = await physlens(...line.split(" "));
    expect(err).toMatch(message);
    expect(status).toBe(1);
  });
});
