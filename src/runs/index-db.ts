import path from "node:path";
import { makeFolder } from "../core/disk.ts";
import { openDatabase, withDatabase } from "../core/sqlite.ts";

export type RunStatus = "running" | "done" | "interrupted" | "failed";

/** A row of the run index. */
export interface IndexedRun {
  /** The folder's name: "nuclear-quick-seed0-2". */
  id: string;
  study: string;
  preset: string;
  seed: number;
  path: string;
  status: RunStatus;
  /** When it was first started, ISO 8601. */
  created: string;
  /** Empty until the run is done. */
  metrics: Record<string, number>;
}

/** The SQLite index of the runs in `$PHYSLENS_HOME`. It can be deleted: the run folders hold everything. */
export interface RunIndex {
  /** Adds a run, or replaces the one with the same id; `created` of an earlier one stays. */
  put(run: IndexedRun): void;
  remove(id: string): void;
  get(id: string): IndexedRun | undefined;
  /** All runs, the latest first. */
  all(): IndexedRun[];
  close(): void;
}

/** Opens `home/index.sqlite`, made if absent. @throws UserError that names the file when that cannot be done. */
export function openIndex(home: string): RunIndex {
  makeFolder(home);
  const file = path.join(home, "index.sqlite");
  const database = openDatabase(file, 5000);
  const safely = <T>(work: () => T): T => withDatabase(file, work);
  safely(() =>
    database.exec(
      `CREATE TABLE IF NOT EXISTS runs (
        id TEXT PRIMARY KEY, study TEXT NOT NULL, preset TEXT NOT NULL, seed INTEGER NOT NULL, path TEXT NOT NULL,
        status TEXT NOT NULL, created TEXT NOT NULL, metrics TEXT NOT NULL) STRICT`,
    ),
  );
  const toRun = (row: Record<string, unknown>): IndexedRun =>
    ({ ...row, metrics: JSON.parse(String(row["metrics"])) }) as IndexedRun;
  return {
    put: ({ id, study, preset, seed, path: folder, status, created, metrics }) =>
      safely(
        () =>
          void database
            .prepare(
              `INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET
                study = excluded.study, preset = excluded.preset, seed = excluded.seed, path = excluded.path,
                status = excluded.status, metrics = excluded.metrics`,
            )
            .run(id, study, preset, seed, folder, status, created, JSON.stringify(metrics)),
      ),
    remove: (id) => safely(() => void database.prepare("DELETE FROM runs WHERE id = ?").run(id)),
    get: (id) =>
      safely(() => {
        const row = database.prepare("SELECT * FROM runs WHERE id = ?").get(id);
        return row && toRun(row);
      }),
    all: () =>
      safely(() => database.prepare("SELECT * FROM runs ORDER BY created DESC, id DESC").all().map(toRun)),
    close: () => database.close(),
  };
}
