import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { fakeStudy } from "../../test/fixtures/fake-study.ts";
import { bytesOf } from "../../test/run-bytes.ts";
import { UserError } from "../core/errors.ts";
import { openIndex } from "../runs/index-db.ts";
import { lockFolder } from "../runs/lock.ts";
import { layout } from "../runs/run-folder.ts";
import { runStudy } from "./run-study.ts";

let base: string;
let home: string;
let out: string;
beforeEach(() => {
  base = fs.mkdtempSync(path.join(os.tmpdir(), "physlens-run-"));
  home = path.join(base, "home");
  out = path.join(base, "out");
});
afterEach(() => {
  vi.restoreAllMocks();
  fs.rmSync(base, { recursive: true, force: true });
});

/** The error of a run that must fail. */
async function failure(work: Promise<unknown>): Promise<UserError> {
  const error = await work.then(
    () => expect.fail("the run should have failed"),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  return error as UserError;
}

/** Starts a run of five numbers and interrupts it after `after` of them. */
function interrupted(request: Parameters<typeof runStudy>[1], after = 2): Promise<UserError> {
  const controller = new AbortController();
  return failure(
    runStudy(fakeStudy, {
      ...request,
      home,
      set: { steps: 5, ...request?.set },
      signal: controller.signal,
      say: (line) => line === `drawn ${after - 1}` && controller.abort(),
    }),
  );
}

const entries = (folder: string) => fs.readdirSync(folder).sort();
const finished = [
  "claims.json",
  "config.json",
  "data",
  "figures",
  "metrics.json",
  "report.html",
  "timing.json",
];

test("the folder holds what the contract names, and metrics equal a mean by hand", async () => {
  const run = await runStudy(fakeStudy, { out, home, seed: 3, set: { steps: 4 } });
  expect(entries(out)).toEqual(finished);
  expect(entries(path.join(out, "figures"))).toEqual(["draws-plot.png", "draws-plot.svg"]);
  expect(entries(path.join(out, "data"))).toEqual([
    "draws-plot.csv",
    "draws.csv",
    "summary.txt",
    "values.bin",
  ]);
  const values = new Float64Array(
    new Uint8Array(fs.readFileSync(path.join(out, "data", "values.bin"))).buffer,
  );
  expect(values.length).toBe(4);
  expect(run.metrics["mean.MeV"]).toBe(values.reduce((sum, v) => sum + v, 0) / 4);
  const metrics = fs.readFileSync(path.join(out, "metrics.json"), "utf8");
  expect(Object.keys(JSON.parse(metrics))).toEqual(["count", "mean.MeV"]);
  const config = JSON.parse(fs.readFileSync(path.join(out, "config.json"), "utf8"));
  expect(config).toMatchObject({
    study: "fake",
    preset: "quick",
    seed: 3,
    options: { steps: 4, delay: 0, scaleBy: 1, kind: "normal", shifted: false, fail: "" },
    versions: { "node.js": process.versions.node },
    data: [{ name: "drawn", sha256: "00" }],
    command: "physlens run fake --preset quick --seed 3 --set steps=4",
  });
  expect(fs.existsSync(home)).toBe(false);
});

test("times and dates stand in timing.json alone", async () => {
  await runStudy(fakeStudy, { out, home });
  const timing = JSON.parse(fs.readFileSync(path.join(out, "timing.json"), "utf8"));
  expect(Date.parse(timing.finished)).toBeGreaterThanOrEqual(Date.parse(timing.started));
  const today = new Date().toISOString().slice(0, 10);
  for (const [name, bytes] of Object.entries(bytesOf(out))) {
    expect(Buffer.from(bytes, "base64").includes(today), name).toBe(false);
  }
});

test("the same seed gives the same bytes on any number of threads, another seed does not", async () => {
  const run = async (name: string, seed: number, threads: number) => {
    await runStudy(fakeStudy, { out: path.join(base, name), home, seed, threads });
    return bytesOf(path.join(base, name));
  };
  const first = await run("a", 1, 1);
  expect(await run("b", 1, 4)).toEqual(first);
  const other = await run("c", 2, 1);
  expect(other["metrics.json"]).not.toBe(first["metrics.json"]);
});

test("an interrupted run keeps what is finished, says how to resume, and ends with the same bytes", async () => {
  const whole = await runStudy(fakeStudy, { out: path.join(base, "whole"), home, set: { steps: 5 } });
  const error = await interrupted({ out });
  expect(error.exitCode).toBe(130);
  expect(error.message).toContain(
    `physlens run fake --preset quick --seed 0 --set steps=5 --out ${out} --resume`,
  );
  expect(entries(out)).toEqual([".checkpoints"]);
  const lines: string[] = [];
  await runStudy(fakeStudy, { out, home, set: { steps: 5 }, resume: true, say: (line) => lines.push(line) });
  expect(lines.filter((line) => /^(kept|drawn)/.test(line))).toEqual([
    "kept 0",
    "kept 1",
    "drawn 2",
    "drawn 3",
    "drawn 4",
  ]);
  expect(entries(out)).toEqual(finished);
  expect(bytesOf(out)).toEqual(bytesOf(whole.folder));
});

test("a resumed run with anything different is refused by its name", async () => {
  await interrupted({ out });
  const same = { out, home, resume: true, set: { steps: 5 } };
  const other: [Parameters<typeof runStudy>[1], RegExp][] = [
    [{ ...same, seed: 1 }, /'seed' was 0 .* and is 1 now/],
    [{ ...same, preset: "full" }, /'preset' was "quick" .* and is "full" now/],
    [{ ...same, set: { steps: 6 } }, /'steps' was 5 .* and is 6 now/],
    [{ ...same, set: { steps: 5, kind: "uniform" } }, /'kind' was "normal"/],
  ];
  for (const [request, message] of other) {
    const error = await failure(runStudy(fakeStudy, request));
    expect(error.message).toMatch(message);
    expect(error.exitCode).toBe(2);
  }
  const plan = JSON.parse(fs.readFileSync(layout(out).plan, "utf8"));
  plan.versions.physlens = "0.0.1";
  fs.writeFileSync(layout(out).plan, JSON.stringify(plan));
  expect((await failure(runStudy(fakeStudy, same))).message).toMatch(/version of 'physlens' was "0.0.1"/);
});

describe("--out", () => {
  test("an empty folder is used; nothing to resume is said and starts afresh", async () => {
    fs.mkdirSync(out);
    const lines: string[] = [];
    await runStudy(fakeStudy, { out, home, resume: true, say: (line) => lines.push(line) });
    expect(lines[0]).toMatch(/nothing to resume in .*: starting from the beginning/);
    expect(entries(out)).toEqual(finished);
  });

  test("what must not be touched is refused and stays as it is", async () => {
    const foreign = path.join(base, "foreign");
    fs.mkdirSync(path.join(foreign, ".checkpoints"), { recursive: true });
    fs.writeFileSync(path.join(foreign, ".checkpoints", "theirs.pt"), "");
    const notes = path.join(base, "notes");
    fs.mkdirSync(notes);
    fs.writeFileSync(path.join(notes, "notes.txt"), "mine");
    const file = path.join(base, "file");
    fs.writeFileSync(file, "mine");
    const done = path.join(base, "done");
    await runStudy(fakeStudy, { out: done, home });
    const unfinished = path.join(base, "unfinished");
    await interrupted({ out: unfinished });
    const doneBytes = bytesOf(done);
    const bad: [string, boolean, RegExp][] = [
      [notes, false, /holds 'notes.txt', which is no run/],
      [notes, true, /holds 'notes.txt', which is no run/],
      [foreign, false, /holds 'theirs.pt', which is no run/],
      [file, false, /holds something that is not a folder/],
      [done, false, /holds a finished run \(fake, preset quick, seed 0\).*physlens show/],
      [unfinished, false, /holds an unfinished run of fake; continue it with: .*--resume/],
      ["", false, /--out: expected a folder/],
    ];
    for (const [place, resume, message] of bad) {
      const error = await failure(runStudy(fakeStudy, { out: place, home, resume, set: { steps: 3 } }));
      expect(error.message).toMatch(message);
      expect(error.exitCode).toBe(2);
    }
    expect(entries(notes)).toEqual(["notes.txt"]);
    expect(entries(foreign)).toEqual([".checkpoints"]);
    expect(bytesOf(done)).toEqual(doneBytes);
    const below = await failure(runStudy(fakeStudy, { out: path.join(file, "run"), home }));
    expect(below.message).toMatch(/a part of the path is a file/);
    expect(below.exitCode).toBe(1);
  });

  test("resuming a finished run changes nothing", async () => {
    await runStudy(fakeStudy, { out, home });
    const before = bytesOf(out);
    fs.mkdirSync(layout(out).work); // as if killed just before the checkpoints were removed
    const run = await runStudy(fakeStudy, { out, home, resume: true });
    expect(run.metrics["count"]).toBe(3);
    expect(bytesOf(out)).toEqual(before);
    expect(entries(out)).toEqual(finished);
  });

  test("a second process on the same folder is refused while the first is at work", async () => {
    await interrupted({ out });
    const lock = lockFolder(layout(out).work);
    const again = { out, home, resume: true, set: { steps: 5 } };
    const error = await failure(runStudy(fakeStudy, again));
    expect(error.message).toContain(`another process works on this run (process ${process.pid}`);
    lock.release();
    await runStudy(fakeStudy, again);
    expect(entries(out)).toEqual(finished);
  });
});

describe("in the home folder", () => {
  test("runs get the names of the contract and stand in the index", async () => {
    const folders = [];
    for (const seed of [0, 0, 4]) folders.push((await runStudy(fakeStudy, { home, seed })).folder);
    const runs = path.join(home, "runs");
    expect(folders).toEqual(
      ["fake-quick-seed0", "fake-quick-seed0-2", "fake-quick-seed4"].map((id) => path.join(runs, id)),
    );
    const index = openIndex(home);
    expect(
      index
        .all()
        .map(({ id, status }) => `${id} ${status}`)
        .sort(),
    ).toEqual(["fake-quick-seed0 done", "fake-quick-seed0-2 done", "fake-quick-seed4 done"]);
    expect(index.get("fake-quick-seed4")?.metrics["count"]).toBe(3);
    index.close();
  });

  test("--resume finds the unfinished run with these options", async () => {
    await runStudy(fakeStudy, { home });
    const error = await interrupted({});
    expect(error.message).toMatch(/physlens run fake --preset quick --seed 0 --set steps=5 --resume$/);
    await interrupted({ set: { steps: 6 } }, 3);
    const run = await runStudy(fakeStudy, { home, resume: true, set: { steps: 5 } });
    expect(path.basename(run.folder)).toBe("fake-quick-seed0-2");
    const refused = await failure(runStudy(fakeStudy, { home, resume: true, set: { steps: 7 } }));
    expect(refused.message).toMatch(/'steps' was 6 .* and is 7 now/);
    const index = openIndex(home);
    expect(index.get("fake-quick-seed0-2")?.status).toBe("done");
    expect(index.get("fake-quick-seed0-3")?.status).toBe("interrupted");
    index.close();
  });
});

describe("failures", () => {
  test.each([
    ["user", /column 'Z': row 3 is NaN/],
    ["nan", /metric 'mean.MeV' of 'Mean' is NaN/],
    ["twice", /metric 'count' is given twice, by 'Mean' and by 'Again'/],
  ])("%s: the error is told, finished parts stay, no result appears", async (fail, message) => {
    const error = await failure(runStudy(fakeStudy, { out, home, set: { fail } }));
    expect(error.message).toMatch(message);
    expect(error.message).toContain("--resume");
    expect(error.exitCode).toBe(1);
    expect(entries(out)).toEqual([".checkpoints"]);
    expect(entries(layout(out).work)).not.toContain("assembly");
  });

  test("a run that fails with nothing finished leaves nothing", async () => {
    const broken = { ...fakeStudy, run: () => Promise.reject(new UserError("masses.txt: no such file")) };
    expect((await failure(runStudy(broken, { out, home }))).message).toBe("masses.txt: no such file");
    expect(fs.existsSync(out)).toBe(false);
    await failure(runStudy(broken, { home }));
    expect(entries(path.join(home, "runs"))).toEqual([]);
    fs.mkdirSync(out);
    await failure(runStudy(broken, { out, home }));
    expect(entries(out)).toEqual([]);
  });

  test("an index that breaks on the way is told of and costs no run", async () => {
    const lines: string[] = [];
    const say = (line: string) => {
      lines.push(line);
      if (line === "drawn 2") fs.writeFileSync(path.join(home, "index.sqlite"), "no database".repeat(1000));
    };
    const run = await runStudy(fakeStudy, { home, say });
    expect(entries(run.folder)).toEqual(finished);
    expect(lines.at(-1)).toMatch(/the index could not be brought up to date: .*index\.sqlite/);
    fs.writeFileSync(path.join(home, "index.sqlite"), "no database".repeat(1000));
    expect((await failure(runStudy(fakeStudy, { home }))).message).toMatch(/index\.sqlite/);
  });

  test("a bug of a study is not dressed up as a mistake of the user", async () => {
    await expect(runStudy(fakeStudy, { out, home, set: { fail: "bug" } })).rejects.toBeInstanceOf(RangeError);
  });

  test("a bad option is refused before anything is made", async () => {
    const bad: [Parameters<typeof runStudy>[1], RegExp][] = [
      [{ preset: "ful" }, /unknown preset 'ful' of fake; did you mean 'full'/],
      [{ preset: "toString" }, /unknown preset/],
      [{ set: { step: 3 } }, /unknown option 'step'; did you mean 'steps'/],
      [{ set: { steps: -3 } }, /'steps': expected a whole number from 1 to 100, got -3/],
      [{ set: { steps: "3.5" } }, /'steps': expected a whole number/],
      [{ set: { steps: Number.NaN } }, /'steps'/],
      [{ set: { kind: "cauchy" } }, /'kind': expected one of normal, uniform/],
      [{ set: { shifted: "maybe" } }, /'shifted': expected true or false/],
      [{ seed: -1 }, /seed: expected a whole number from 0, got -1/],
      [{ seed: "1e3" }, /seed/],
      [{ seed: 2 ** 60 }, /seed/],
      [{ threads: 1.5 }, /threads/],
    ];
    for (const [request, message] of bad) {
      const error = await failure(runStudy(fakeStudy, { out, home, ...request }));
      expect(error.message).toMatch(message);
      expect(error.exitCode).toBe(2);
    }
    expect(entries(base)).toEqual([]);
  });

  const onFull = test.skipIf(!fs.existsSync("/dev/full"));
  onFull.each([1, 2, 4, 6, 9])(
    "a disk that is full from write %i on: a clear error, and all of it with room",
    async (n) => {
      const write = fs.writeSync.bind(fs) as (fd: number, data: Uint8Array) => number;
      const full = fs.openSync("/dev/full", "w");
      let writes = 0;
      const limited = (fd: number, data: Uint8Array) => write(++writes >= n ? full : fd, data);
      const spy = vi.spyOn(fs, "writeSync").mockImplementation(limited as typeof fs.writeSync);
      const error = await failure(runStudy(fakeStudy, { out, home }));
      spy.mockRestore();
      expect(error.message).toMatch(/the disk is full.*ENOSPC/);
      expect(error.exitCode).toBe(1);
      expect(fs.existsSync(layout(out).report)).toBe(false);
      await runStudy(fakeStudy, { out, home, resume: true });
      const other = await runStudy(fakeStudy, { out: path.join(base, "whole"), home });
      expect(bytesOf(out)).toEqual(bytesOf(other.folder));
    },
  );
});
