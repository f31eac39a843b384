import fs from "node:fs";
import path from "node:path";
import { readClaims } from "../claims/claims-file.ts";
import type { ReportClaim } from "../claims/report-claims.ts";
import { attempt, diskError, makeFolder, temporaryPrefix, writeWhole } from "../core/disk.ts";
import { UserError } from "../core/errors.ts";
import { type Plan, type RunConfig, stableJson } from "./config.ts";

/** The parts of a run folder, in the order in which a finished run receives them: the report is last. */
const parts = ["data", "figures", "claims.json", "metrics.json", "config.json", "timing.json", "report.html"];

/** Where things are in the run folder `folder`; `work` and all below it are gone once the run is finished. */
export function layout(folder: string) {
  const work = path.join(folder, ".checkpoints");
  return {
    report: path.join(folder, "report.html"),
    metrics: path.join(folder, "metrics.json"),
    config: path.join(folder, "config.json"),
    claims: path.join(folder, "claims.json"),
    timing: path.join(folder, "timing.json"),
    summary: path.join(folder, "data", "summary.txt"),
    work,
    plan: path.join(work, "plan.json"),
    sessions: path.join(work, "sessions.json"),
    store: path.join(work, "store"),
    assembly: path.join(work, "assembly"),
  };
}

/** What stands at a path: nothing (or an empty folder), a run that is done or not, or something else. */
export type FolderState =
  | { kind: "free" }
  | { kind: "unfinished"; plan: Plan }
  | { kind: "finished"; config: RunConfig }
  | { kind: "foreign"; holds: string };

/** Can a run that was killed before it wrote down its plan have left a file of this name? */
function beforePlan(name: string): boolean {
  return name.startsWith("lock") || name === "owner.json" || name.startsWith(temporaryPrefix);
}

/** Looks at `folder` without changing anything. */
export function inspectFolder(folder: string): FolderState {
  const at = layout(folder);
  return attempt(`reading ${folder}`, (): FolderState => {
    const found = fs.lstatSync(folder, { throwIfNoEntry: false });
    if (!found) return { kind: "free" };
    if (!fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
      return { kind: "foreign", holds: "something that is not a folder" };
    }
    if ([at.report, at.metrics, at.config].every((file) => fs.existsSync(file))) {
      return { kind: "finished", config: readJson(at.config) as RunConfig };
    }
    if (fs.existsSync(at.plan)) return { kind: "unfinished", plan: readJson(at.plan) as Plan };
    const work = path.basename(at.work);
    const strange =
      fs.readdirSync(folder).find((name) => name !== work) ??
      (fs.existsSync(at.work) ? fs.readdirSync(at.work).find((name) => !beforePlan(name)) : undefined);
    return strange === undefined ? { kind: "free" } : { kind: "foreign", holds: `'${strange}'` };
  });
}

/**
 * Moves the files of `layout(folder).assembly` to their places, the report last, and removes the checkpoints. Killed
 * on the way, the run is still unfinished and the next attempt replaces what was moved.
 */
export function moveIntoPlace(folder: string): void {
  const { assembly } = layout(folder);
  const strange = fs.readdirSync(assembly).filter((name) => !parts.includes(name));
  if (strange.length > 0) throw new Error(`a run folder has no place for ${strange.join(", ")}`);
  attempt(`finishing ${folder}`, () => {
    for (const part of parts) {
      const to = path.join(folder, part);
      fs.rmSync(to, { recursive: true, force: true });
      if (fs.existsSync(path.join(assembly, part))) fs.renameSync(path.join(assembly, part), to);
    }
  });
}

/** Removes the checkpoints of a run, and its folder if it holds nothing more. */
export function removeWork(folder: string, options: { folderToo: boolean }): void {
  fs.rmSync(layout(folder).work, { recursive: true, force: true });
  if (options.folderToo && fs.readdirSync(folder).length === 0) fs.rmdirSync(folder);
}

/** Removes what a killed process left half done, keeping every finished part. */
export function clearHalfDone(folder: string): void {
  const at = layout(folder);
  fs.rmSync(at.assembly, { recursive: true, force: true });
  for (const place of [at.work, at.store].filter((name) => fs.existsSync(name))) {
    for (const name of fs.readdirSync(place)) {
      if (name.startsWith(temporaryPrefix)) fs.rmSync(path.join(place, name), { force: true });
    }
  }
}

/** The folder of a new run in `home`: `<study>-<preset>-seed<N>`, with -2, -3, … where that is taken. It is made. */
export function newRunFolder(home: string, plan: Pick<Plan, "study" | "preset" | "seed">): string {
  makeFolder(path.join(home, "runs"));
  for (const folder of candidates(home, plan)) {
    try {
      fs.mkdirSync(folder);
      return folder;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST")
        throw diskError(error, `making the folder ${folder}`);
    }
  }
  throw new Error("unreachable");
}

/** The existing runs of this study, preset and seed in `home`, the latest first. */
export function runFoldersLike(home: string, plan: Pick<Plan, "study" | "preset" | "seed">): string[] {
  const found: string[] = [];
  for (const folder of candidates(home, plan)) {
    if (!fs.existsSync(folder)) break;
    found.unshift(folder);
  }
  return found;
}

function* candidates(home: string, { study, preset, seed }: Pick<Plan, "study" | "preset" | "seed">) {
  const first = path.join(home, "runs", `${study}-${preset}-seed${seed}`);
  yield first;
  for (let k = 2; ; k++) yield `${first}-${k}`;
}

/** A finished run, as it is read back. */
export interface FinishedRun {
  folder: string;
  config: RunConfig;
  metrics: Record<string, number>;
  summary: string[];
  /** What the run claims, each with its evidence and verdict; empty for a study without claims. */
  claims: ReportClaim[];
}

/** Reads a finished run. @throws UserError when `folder` holds none. */
export function readRun(folder: string): FinishedRun {
  const state = inspectFolder(folder);
  if (state.kind === "unfinished") {
    throw new UserError(
      `${folder}: this run of ${state.plan.study} is not finished; run it again with --resume`,
    );
  }
  if (state.kind !== "finished") throw new UserError(`${folder}: there is no run in this folder`);
  const at = layout(folder);
  const summary = fs.existsSync(at.summary) ? fs.readFileSync(at.summary, "utf8").trimEnd().split("\n") : [];
  const metrics = readJson(at.metrics) as Record<string, number>;
  const claims = fs.existsSync(at.claims) ? readClaims(fs.readFileSync(at.claims, "utf8"), at.claims) : [];
  return { folder, config: state.config, metrics, summary, claims };
}

/** Reads a JSON file. @throws UserError that names it when it is cut or changed. */
export function readJson(file: string): unknown {
  const text = attempt(`reading ${file}`, () => fs.readFileSync(file, "utf8"));
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(`${file}: not valid JSON (${(error as Error).message})`, { cause: error });
  }
}

/** Writes `value` as stable JSON, whole or not at all. */
export function writeJson(file: string, value: unknown): void {
  writeWhole(file, stableJson(value));
}
