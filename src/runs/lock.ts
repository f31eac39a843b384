import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { writeWhole } from "../core/disk.ts";
import { UserError } from "../core/errors.ts";
import { isBusy, openDatabase, withDatabase } from "../core/sqlite.ts";

export interface Lock {
  release(): void;
}

/**
 * Makes this process the only one at work in `folder`. The lock is an exclusive SQLite transaction on `folder/lock`:
 * the system drops it with the process that holds it, however that ends, so that a lock is never stale and never
 * belongs to a stranger who got the same process number. `folder/owner.json` names the holder.
 * @param patience ms to wait for another holder to go
 * @throws UserError that names the holder.
 */
export function lockFolder(folder: string, patience = 2000): Lock {
  const file = path.join(folder, "lock");
  const owner = path.join(folder, "owner.json");
  const database = openDatabase(file, patience);
  try {
    database.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (isBusy(error)) {
      throw new UserError(
        `${path.dirname(folder)}: another process works on this run (${holder(owner)}); wait for it or stop it first`,
      );
    }
    // The other run has ended and taken its lock along while this one waited for it.
    if (!fs.existsSync(file)) {
      throw new UserError(
        `${path.dirname(folder)}: another process worked on this run and has just ended; start again`,
      );
    }
    return withDatabase(file, () => {
      throw error;
    });
  }
  try {
    writeWhole(owner, `${JSON.stringify({ process: process.pid, host: os.hostname() })}\n`);
  } catch (error) {
    database.close();
    throw error;
  }
  return { release: () => database.isOpen && database.close() };
}

/** Is another process, or another lock of this one, at work in `folder`? */
export function isLocked(folder: string): boolean {
  const file = path.join(folder, "lock");
  if (!fs.existsSync(file)) return false;
  const database = openDatabase(file, 0);
  try {
    database.exec("BEGIN EXCLUSIVE");
    return false;
  } catch (error) {
    if (isBusy(error)) return true;
    throw error;
  } finally {
    database.close();
  }
}

function holder(file: string): string {
  if (!fs.existsSync(file)) return "which has just started";
  const { process: id, host } = JSON.parse(fs.readFileSync(file, "utf8")) as {
    process: number;
    host: string;
  };
  return `process ${id} on ${host}`;
}
