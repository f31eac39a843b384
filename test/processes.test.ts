import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bytesOf } from "./run-bytes.ts";
import { repositoryRoot } from "./shared.ts";

const fakeCli = path.join(repositoryRoot, "test", "fixtures", "fake-cli.ts");
const bin = path.join(repositoryRoot, "bin", "physlens.js");
const five = ["run", "fake", "--set", "steps=5", "--set", "delay=100"];

let base: string;
let whole: Record<string, string>;
beforeAll(async () => {
  base = fs.mkdtempSync(path.join(os.tmpdir(), "physlens-process-"));
  const out = path.join(base, "whole");
  expect((await start(fakeCli, [...five, "--out", out]).ended).status).toBe(0);
  whole = bytesOf(out);
});
afterAll(() => fs.rmSync(base, { recursive: true, force: true }));

interface Ended {
  status: number | null;
  signal: string | null;
  out: string;
  err: string;
}

/** Starts a real process without a terminal. `onLine` hears each line of its standard error. */
function start(
  script: string,
  args: string[],
  onLine: (line: string, child: ChildProcess) => void = () => {},
  node = process.execPath,
): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(node, [script, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, PHYSLENS_HOME: path.join(base, "home") },
  });
  const text = { out: "", err: "" };
  child.stdout.on("data", (data: Buffer) => {
    text.out += data;
  });
  let rest = "";
  child.stderr.on("data", (data: Buffer) => {
    text.err += data;
    const lines = (rest + data).split("\n");
    rest = lines.pop()!;
    for (const line of lines) onLine(line, child);
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on("close", (status, signal) => resolve({ status, signal, ...text }));
  });
  return { child, ended };
}

/** What `begin` starts does not end before the file `gate` is there, however slow this computer is. */
function waitingFor<T>(gate: string, begin: () => T): T {
  process.env["FAKE_STUDY_WAITS_FOR"] = gate;
  try {
    return begin();
  } finally {
    delete process.env["FAKE_STUDY_WAITS_FOR"];
  }
}
const never = "/nowhere/never";

describe("an interrupt", () => {
  test.each(["SIGINT", "SIGTERM"] as const)(
    "%s, twice: status 130, and the line it prints resumes",
    async (signal) => {
      const out = path.join(base, signal);
      const first = await waitingFor(never, () =>
        start(fakeCli, [...five, "--out", out], (line, child) => {
          if (line !== "drawn 1") return;
          child.kill(signal);
          child.kill(signal);
        }),
      ).ended;
      expect(first).toMatchObject({ status: 130, signal: null });
      const line = /^resume with: physlens (.*)$/m.exec(first.err)![1]!;
      const second = await start(fakeCli, line.split(" ")).ended;
      expect(second.status).toBe(0);
      expect(second.err).toContain("kept 1");
      expect(bytesOf(out)).toEqual(whole);
    },
  );
});

describe("SIGKILL", () => {
  const moments: [string, string, number][] = [
    ["before anything is done", "estimated", 0],
    ["between two checkpoints", "drawn 1", 30],
    ["after the last step", "drawn 4", 0],
    ["while the report is written", "drawn 4", 120],
    ["around the end", "drawn 4", 260],
  ];
  test.each(moments)("%s: --resume ends with the same bytes", async (_, after, wait) => {
    const out = path.join(base, `kill-${after}-${wait}`.replaceAll(" ", "-"));
    const killed = await start(fakeCli, [...five, "--out", out], (line, child) => {
      if (line.startsWith(after)) void setTimeout(wait).then(() => child.kill("SIGKILL"));
    }).ended;
    expect(killed.signal === "SIGKILL" || killed.status === 0).toBe(true);
    const resumed = await start(fakeCli, [...five, "--out", out, "--resume"]).ended;
    expect(resumed).toMatchObject({ status: 0 });
    if (after.startsWith("drawn 1")) expect(resumed.err).toContain("kept 1");
    expect(bytesOf(out)).toEqual(whole);
    expect(fs.readdirSync(out)).not.toContain(".checkpoints");
  });
});

test("two processes on one folder: the second is refused, the first ends well", async () => {
  const args = ["run", "fake", "--steps", "2", "--out", path.join(base, "two")];
  const gate = path.join(base, "gate");
  let second: Promise<Ended> | undefined;
  const { ended } = waitingFor(gate, () =>
    start(fakeCli, args, (line) => {
      if (line !== "drawn 0") return;
      second = start(fakeCli, [...args, "--resume"]).ended;
      second.then(() => fs.writeFileSync(gate, ""));
    }),
  );
  const first = await ended;
  expect(await second).toMatchObject({
    status: 1,
    err: expect.stringContaining("another process works on this run"),
  });
  expect(first.status).toBe(0);
});

test("a killed run in the home folder is listed as interrupted, and --resume finds it", async () => {
  await waitingFor(never, () =>
    start(fakeCli, five, (line, child) => void (line === "drawn 1" && child.kill("SIGKILL"))),
  ).ended;
  expect((await start(fakeCli, ["show"]).ended).out).toMatch(/^fake-quick-seed0 +interrupted/);
  const { status, err } = await start(fakeCli, [...five, "--resume"]).ended;
  expect(err).toContain("kept 1");
  expect(status).toBe(0);
  expect((await start(fakeCli, ["show"]).ended).out).toMatch(/^fake-quick-seed0 +done/);
});

test("the command: exit statuses, and nothing on standard error that is not for the user", async () => {
  expect(await start(bin, ["studies"]).ended).toMatchObject({ status: 0, err: "" });
  expect(await start(bin, ["run", "nothing"]).ended).toMatchObject({ status: 2, out: "" });
});

/** A Node of this computer that is too old to run the TypeScript: the launcher hands over from it. */
function olderNode(): string | undefined {
  const places = (process.env["PATH"] ?? "").split(path.delimiter).map((folder) => path.join(folder, "node"));
  const isOlder = (file: string) =>
    fs.existsSync(file) &&
    Number(/\d+/.exec(execFileSync(file, ["--version"], { encoding: "utf8" }))![0]) < 24;
  const found = [...places, "/usr/bin/node"].find(isOlder);
  if (!found) console.warn("skipped: no Node older than 24 on the PATH to start the launcher with");
  return found;
}

const older = olderNode();
describe.skipIf(!older)("the launcher on an older Node", () => {
  const script = () => {
    const file = path.join(base, "bin", "physlens.js");
    if (!fs.existsSync(file)) {
      // The real launcher, beside sources whose command line knows the test study.
      for (const folder of ["bin", "src/cli"]) fs.mkdirSync(path.join(base, folder), { recursive: true });
      fs.copyFileSync(bin, file);
      fs.writeFileSync(path.join(base, "package.json"), '{ "type": "module" }');
      fs.symlinkSync(path.join(repositoryRoot, "node_modules"), path.join(base, "node_modules"));
      const [main, study] = ["src/cli/main.ts", "test/fixtures/fake-study.ts"].map((name) =>
        JSON.stringify(path.join(repositoryRoot, name)),
      );
      const code = `import { main as real } from ${main};\nimport { fakeStudy } from ${study};
        export const main = (args) => real(args, { studies: { fake: async () => fakeStudy } });`;
      fs.writeFileSync(path.join(base, "src", "cli", "main.ts"), code);
    }
    return file;
  };

  test("passes the exit status and an interrupt through", async () => {
    expect(await start(bin, ["run", "nothing"], undefined, older).ended).toMatchObject({ status: 2 });
    const out = path.join(base, "older-int");
    const stop = (line: string, child: ChildProcess) => void (line === "drawn 1" && child.kill("SIGINT"));
    const { status, err } = await waitingFor(never, () =>
      start(script(), [...five, "--out", out], stop, older),
    ).ended;
    expect(status).toBe(130);
    expect(err).toContain("--resume");
  });

  test("killed, it leaves no process behind that would hold the run", async () => {
    const out = path.join(base, "older-kill");
    const stop = (line: string, child: ChildProcess) => void (line === "drawn 1" && child.kill("SIGKILL"));
    const { signal } = await waitingFor(never, () => start(script(), [...five, "--out", out], stop, older))
      .ended;
    expect(signal).toBe("SIGKILL");
    const resumed = await start(script(), [...five, "--out", out, "--resume"], undefined, older).ended;
    expect(resumed.status).toBe(0);
    expect(bytesOf(out)).toEqual(whole);
  });
});
