import fs from "node:fs";
import path from "node:path";
import { usageError } from "../core/errors.ts";
import { firstDifference, type Plan, quoted } from "./config.ts";
import { inspectFolder, newRunFolder, runFoldersLike } from "./run-folder.ts";

/** The folder that `--out` names. */
export function placeOutside(out: string): { folder: string; made: boolean } {
  if (out === "") throw usageError("--out: expected a folder, got ''");
  const folder = path.resolve(out);
  return { folder, made: !fs.existsSync(folder) };
}

/** A new folder; for `resume` the latest unfinished run with this plan, else the latest that it can be compared to. */
export function placeInHome(home: string, plan: Plan, resume: boolean): { folder: string; made: boolean } {
  if (resume) {
    const states = runFoldersLike(home, plan).map((folder) => ({ folder, state: inspectFolder(folder) }));
    const unfinished = states.filter(({ state }) => state.kind === "unfinished");
    const same = (wanted: "unfinished" | "finished") =>
      states.find(({ state }) =>
        state.kind === "unfinished"
          ? wanted === "unfinished" && !firstDifference(state.plan, plan)
          : state.kind === "finished" && wanted === "finished" && !firstDifference(state.config, plan),
      );
    const found = same("unfinished") ?? unfinished[0] ?? same("finished");
    if (found) return { folder: found.folder, made: false };
  }
  return { folder: newRunFolder(home, plan), made: true };
}

/** What the run finds in its folder. @throws UserError where it must not touch it. */
export function checkFolder(
  folder: string,
  plan: Plan,
  resume: boolean,
  resumeLine: string,
): "free" | "unfinished" | "finished" {
  const state = inspectFolder(folder);
  if (state.kind === "free") return "free";
  if (state.kind === "foreign") {
    throw usageError(
      `${folder} exists and holds ${state.holds}, which is no run of physlens; choose a new or empty folder`,
    );
  }
  const there = state.kind === "finished" ? state.config : state.plan;
  if (resume) {
    refuseDifference(folder, there, plan);
    return state.kind;
  }
  if (state.kind === "finished") {
    throw usageError(
      `${folder} holds a finished run (${there.study}, preset ${there.preset}, seed ${there.seed}); choose another --out, ` +
        `or see it with: physlens show ${quoted(folder)}`,
    );
  }
  throw usageError(
    `${folder} holds an unfinished run of ${there.study}; continue it with: ${resumeLine}\nor choose another --out`,
  );
}

function refuseDifference(folder: string, there: Plan, plan: Plan): void {
  const difference = firstDifference(there, plan);
  if (!difference) return;
  const { name, kind, a, b } = difference;
  const was = `'${name}' was ${JSON.stringify(a) ?? "absent"} when this run was started and is ${JSON.stringify(b) ?? "absent"} now`;
  throw usageError(
    kind === "version"
      ? `${folder}: cannot resume: the version of ${was}, so the result could differ; start a new run`
      : `${folder}: cannot resume: ${was}; give the same options, or start a new run`,
  );
}
