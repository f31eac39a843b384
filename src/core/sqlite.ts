import { DatabaseSync } from "node:sqlite";
import { UserError } from "./errors.ts";

const busy = 5;

/**
 * Opens the SQLite file `file`, waiting up to `patience` ms where another process holds it.
 * @throws UserError that names the file when it cannot be opened.
 */
export function openDatabase(
  file: string,
  patience: number,
  options: { readOnly?: boolean } = {},
): DatabaseSync {
  return withDatabase(file, () => new DatabaseSync(file, { timeout: patience, ...options }));
}

/** `work()`, with SQLite's errors as UserErrors that name `file`. */
export function withDatabase<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Error) || (error as NodeJS.ErrnoException).code !== "ERR_SQLITE_ERROR")
      throw error;
    throw new UserError(`${file}: ${error.message} (SQLite)`, { cause: error });
  }
}

/** Is `error` SQLite's "another process holds this"? */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && (error as { errcode?: number }).errcode === busy;
}
