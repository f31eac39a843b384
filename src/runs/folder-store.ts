import fs from "node:fs";
import path from "node:path";
import { attempt, makeFolder, writeWhole } from "../core/disk.ts";
import type { Store } from "../core/store.ts";

const ending = ".bin";

/**
 * A store whose keys are files of `folder` (made if absent). Several processes and threads may open the same folder;
 * a key is any text of up to about 200 characters: "seed0/epoch12". A killed process leaves each key as it was or as
 * it was to be.
 * @throws UserError that names the file when the disk is full or the folder cannot be written.
 */
export function folderStore(folder: string): Store {
  makeFolder(folder);
  // A leading dot is for temporary files.
  const nameOf = (key: string) => encodeURIComponent(key).replace(/^\./, "%2E") + ending;
  const fileOf = (key: string) => path.join(folder, nameOf(key));
  return {
    path: path.resolve(folder),
    read(key) {
      const file = fileOf(key);
      return attempt(`reading ${file}`, () =>
        fs.existsSync(file) ? new Uint8Array(fs.readFileSync(file)) : undefined,
      );
    },
    write: (key, bytes) => writeWhole(fileOf(key), bytes),
    remove: (key) => fs.rmSync(fileOf(key), { force: true }),
  };
}

/** The keys that the store in `folder` holds, sorted; none if there is no such folder. */
export function storedKeys(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder)
    .filter((name) => name.endsWith(ending) && !name.startsWith("."))
    .map((name) => decodeURIComponent(name.slice(0, -ending.length)))
    .sort();
}
