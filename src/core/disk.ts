import fs from "node:fs";
import path from "node:path";
import { threadId } from "node:worker_threads";
import { UserError } from "./errors.ts";

/** What a temporary file's name starts with; a killed process can leave one behind. */
export const temporaryPrefix = ".tmp-";

let written = 0;

/**
 * Writes a file that is whole or absent: into a temporary file beside it, to the disk, then renamed over `file`.
 * @throws UserError that names the file when the disk is full or the folder cannot be written; the temporary file
 * is gone by then and an older `file` is untouched.
 */
export function writeWhole(file: string, content: Uint8Array | string): void {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const temporary = path.join(
    path.dirname(file),
    `${temporaryPrefix}${process.pid}-${threadId}-${written++}-${path.basename(file).slice(0, 80)}`,
  );
  const doing = `writing ${file}`;
  const handle = attempt(doing, () => fs.openSync(temporary, "wx"));
  try {
    attempt(doing, () => {
      try {
        let offset = 0;
        while (offset < bytes.length) offset += fs.writeSync(handle, bytes, offset);
        fs.fsyncSync(handle);
      } finally {
        fs.closeSync(handle);
      }
      fs.renameSync(temporary, file);
    });
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
}

/** Makes `folder` and its parents. @throws UserError that names it when that cannot be done. */
export function makeFolder(folder: string): void {
  // Not `recursive: true`: with that, Node 24 never returns where the system answers ENOENT, as under /proc.
  const missing: string[] = [];
  let parent = path.resolve(folder);
  for (; !fs.existsSync(parent); parent = path.dirname(parent)) missing.unshift(parent);
  attempt(`making the folder ${folder}`, () => {
    for (const part of missing) {
      try {
        fs.mkdirSync(part);
      } catch (error) {
        // Another process may have made it meanwhile.
        if (!fs.existsSync(part)) throw error;
      }
    }
    fs.readdirSync(folder);
  });
}

/** `work()`, with its file-system errors as {@link diskError} says them. */
export function attempt<T>(doing: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw diskError(error, doing);
  }
}

const advice: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full: free some space and start the same command again",
  EDQUOT: "the disk quota is used up: free some space and start the same command again",
  EFBIG: "the file would be larger than the system allows",
  EACCES: "no permission: choose a folder that you may write to",
  EPERM: "not permitted: choose a folder that you may write to",
  EROFS: "the file system is read-only: choose another folder",
  ENOTDIR: "a part of the path is a file and not a folder: choose another path",
  EISDIR: "that is a folder where a file was expected",
  EEXIST: "something that is not a folder stands there already: choose another path",
  ENOENT: "there is no such file or folder: check the path",
  ENAMETOOLONG: "the name is too long: choose a shorter one",
  ELOOP: "the path leads through a circle of links",
  EIO: "the disk reported an error",
  EMFILE: "too many files are open",
  EBUSY: "the file is in use",
};

/** A file-system error as a UserError that says what was being done; any other error as it is. */
export function diskError(error: unknown, doing: string): unknown {
  if (!(error instanceof Error) || error instanceof UserError) return error;
  const code = (error as NodeJS.ErrnoException).code;
  const known = code === undefined ? undefined : advice[code];
  return known === undefined ? error : new UserError(`${doing}: ${known} (${code})`, { cause: error });
}
