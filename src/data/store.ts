import { randomUUID } from "node:crypto";
import { existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { attempt, diskError, makeFolder, temporaryPrefix } from "../core/disk.ts";
import { UserError, usageError } from "../core/errors.ts";
import { download } from "./download.ts";
import { sha256 } from "./sha256.ts";
import type { Provenance, Table } from "./table.ts";

/** A data set that users add themselves: from a file they have, or from the address of those who publish it. */
export interface Dataset {
  /** One line for a listing. */
  title: string;
  /** The file's name in the store. */
  file: string;
  /** Where it is published; absent where nobody offers it for download. */
  url?: string;
  /** SHA-256 of the editions known to be good, in hex; at least the first eight digits. */
  sha256: readonly string[];
  /** "fixed": another checksum is refused. "live": its publisher updates it; another checksum gives a warning. */
  checksum: "fixed" | "live";
  citation: string;
  license?: string;
  /** Reads the file, or throws UserError. Nothing is stored that this refuses. */
  read(bytes: Uint8Array, source: string): Table;
}

/** Data sets by name. */
export type Catalogue = Readonly<Record<string, Dataset>>;

/** A data set in the store. */
export interface StoredDataset {
  name: string;
  path: string;
  bytes: Uint8Array;
  /** What was noted when it was added. */
  provenance: Provenance;
  table: Table;
}

const note = "provenance.json";

/**
 * Adds a data set to `<home>/data/<name>/`: the file and a provenance.json with where it came from, its size,
 * checksum and citation. It is read by its own loader first; then both files are written beside and renamed into
 * place, so that a failure leaves what was there before.
 * @param options.file a file of the user's. @param options.download true: from the published address; text: from this
 * address. One of the two is needed.
 * @param options.anyChecksum takes an edition of a fixed data set whose checksum is not known.
 * @returns the stored data set, and warnings to print.
 * @throws UserError for an unknown name, a missing or unusable file, a failed download, a checksum that differs and a
 * disk that does not take the files.
 */
export async function addDataset(options: {
  home: string;
  catalogue: Catalogue;
  name: string;
  file?: string;
  download?: boolean | string;
  anyChecksum?: boolean;
  signal?: AbortSignal;
}): Promise<{ dataset: StoredDataset; warnings: string[] }> {
  const { home, name, file, signal } = options;
  const dataset = lookUp(options.catalogue, name);
  const url = options.download === true ? dataset.url : options.download || undefined;
  if (options.download === true && url === undefined) {
    throw usageError(`data set '${name}' is not offered for download; get the file and use --file F`);
  }
  if ((file === undefined) === (url === undefined)) {
    throw usageError(`data set '${name}': say either --file F or --download`);
  }
  const bytes = file === undefined ? await download(url!, { signal }) : await readUserFile(file);
  const source = file === undefined ? url! : basename(file);
  const hash = sha256(bytes);
  const known = dataset.sha256.some((good) => hash.startsWith(good));
  // The loader's complaint says more about a bad file than its checksum does.
  const table = dataset.read(bytes, source);
  const warnings: string[] = [];
  if (!known) {
    const difference = `data set '${name}' from ${source}: SHA-256 ${hash} is not that of an edition known here (${dataset.sha256.map((good) => `${good.slice(0, 8)}…`).join(", ")})`;
    if (dataset.checksum === "fixed" && !options.anyChecksum) {
      throw new UserError(`${difference}; if you trust the file, add it with --any-checksum`);
    }
    warnings.push(`${difference}; results may differ from those of another edition`);
  }
  const provenance: Provenance = {
    name,
    source,
    sha256: hash,
    citation: dataset.citation,
    ...(dataset.license === undefined ? {} : { license: dataset.license }),
  };
  const folder = join(home, "data", name);
  const record = { ...provenance, file: dataset.file, bytes: bytes.length, knownEdition: known };
  writeTogether(folder, {
    [dataset.file]: bytes,
    [note]: new TextEncoder().encode(`${JSON.stringify(record, null, 2)}\n`),
  });
  return { dataset: { name, path: join(folder, dataset.file), bytes, provenance, table }, warnings };
}

/**
 * The data set `name` as it was added to `<home>/data/`, read; undefined if it was not.
 * @throws UserError for an unknown name, and for a file that is no longer the one that was added.
 */
export async function findDataset(options: {
  home: string;
  catalogue: Catalogue;
  name: string;
}): Promise<StoredDataset | undefined> {
  const { home, catalogue, name } = options;
  const dataset = lookUp(catalogue, name);
  const path = join(home, "data", name, dataset.file);
  const noted = join(home, "data", name, note);
  if (!existsSync(path) && !existsSync(noted)) return undefined;
  const again = `add it again: physlens data add ${name}`;
  let bytes: Uint8Array;
  let provenance: Provenance;
  try {
    bytes = await readFile(path);
    const { name, source, sha256, citation, license } = JSON.parse(
      await readFile(noted, "utf8"),
    ) as Provenance;
    provenance = { name, source, sha256: sha256!, citation, ...(license === undefined ? {} : { license }) };
  } catch (cause) {
    throw new UserError(`data set '${name}': ${path} or its ${note} is missing or unreadable; ${again}`, {
      cause,
    });
  }
  if (sha256(bytes) !== provenance.sha256) {
    throw new UserError(
      `data set '${name}': ${path} is not the file that was added (SHA-256 differs); ${again}`,
    );
  }
  return { name, path, bytes, provenance, table: dataset.read(bytes, provenance.source) };
}

function lookUp(catalogue: Catalogue, name: string): Dataset {
  const dataset = Object.hasOwn(catalogue, name) ? catalogue[name] : undefined;
  if (dataset) return dataset;
  throw usageError(`unknown data set '${name}'; known: ${Object.keys(catalogue).join(", ")}`);
}

async function readUserFile(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    throw diskError(error, `reading ${file}`);
  }
}

/** All temporary files are written before the first is renamed: what fails for want of space fails before that. */
function writeTogether(folder: string, files: Readonly<Record<string, Uint8Array>>): void {
  makeFolder(folder);
  const suffix = `-${randomUUID()}`;
  const names = Object.keys(files);
  const temporary = (name: string) => join(folder, `${temporaryPrefix}${name}${suffix}`);
  attempt(`adding to ${folder}`, () => {
    try {
      for (const name of names) writeFileSync(temporary(name), files[name]!, { flag: "wx", flush: true });
      for (const name of names) renameSync(temporary(name), join(folder, name));
    } finally {
      for (const name of names) rmSync(temporary(name), { force: true });
    }
  });
}
