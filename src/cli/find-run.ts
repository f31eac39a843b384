import fs from "node:fs";
import path from "node:path";
import { UserError } from "../core/errors.ts";
import { didYouMean } from "../core/suggest.ts";
import { type IndexedRun, openIndex } from "../runs/index-db.ts";
import { isLocked } from "../runs/lock.ts";
import { type FinishedRun, inspectFolder, layout, readRun } from "../runs/run-folder.ts";
import type { Cli } from "./io.ts";

/** The run that `asked` names: a run folder, or the id of a run in the index. */
export function findRun(asked: string, cli: Cli): FinishedRun {
  if (fs.existsSync(asked) && inspectFolder(asked).kind !== "foreign") return readRun(path.resolve(asked));
  const runs = indexedRuns(cli);
  const run = runs.find(({ id }) => id === asked);
  if (run) return readRun(run.path);
  const ids = runs.map(({ id }) => id);
  throw new UserError(`no run '${asked}': neither a run folder nor the id of a run${didYouMean(asked, ids)}`);
}

/**
 * The runs in the index, the latest first; none where there is no index yet. One that the index still calls running
 * while no process works on it was killed: it is shown as interrupted.
 */
export function indexedRuns(cli: Cli): IndexedRun[] {
  if (!fs.existsSync(path.join(cli.home, "index.sqlite"))) return [];
  const index = openIndex(cli.home);
  try {
    return index.all().map((run) => {
      const killed = run.status === "running" && !isLocked(layout(run.path).work);
      return killed ? { ...run, status: "interrupted" } : run;
    });
  } finally {
    index.close();
  }
}
