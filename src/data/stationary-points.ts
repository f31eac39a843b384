import type { DatabaseSync } from "node:sqlite";
import { demand } from "../core/errors.ts";
import { openDatabase, withDatabase } from "../core/sqlite.ts";
import type { Network, NetworkMinimum, NetworkSaddle } from "../optim/landscape/network.ts";

const layout = 1;

const schema = `
  CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE minima (id INTEGER PRIMARY KEY, value REAL NOT NULL, rms REAL NOT NULL, lowest REAL NOT NULL,
    log_product REAL NOT NULL, zero_modes INTEGER NOT NULL, symmetry_order INTEGER NOT NULL,
    searches INTEGER NOT NULL, modes INTEGER NOT NULL, x BLOB NOT NULL) STRICT;
  CREATE TABLE saddles (id INTEGER PRIMARY KEY, value REAL NOT NULL, rms REAL NOT NULL, lowest REAL NOT NULL,
    log_product REAL NOT NULL, zero_modes INTEGER NOT NULL, symmetry_order INTEGER NOT NULL,
    minimum_1 INTEGER NOT NULL REFERENCES minima (id), minimum_2 INTEGER NOT NULL REFERENCES minima (id),
    x BLOB NOT NULL, vector BLOB NOT NULL) STRICT;
  CREATE TABLE pairs (minimum_1 INTEGER NOT NULL, minimum_2 INTEGER NOT NULL, place INTEGER NOT NULL,
    attempts INTEGER NOT NULL, PRIMARY KEY (minimum_1, minimum_2)) STRICT, WITHOUT ROWID;
  CREATE TABLE walkers (place INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE seen (minimum INTEGER NOT NULL, walker TEXT NOT NULL, place INTEGER NOT NULL, hits INTEGER NOT NULL,
    PRIMARY KEY (minimum, walker)) STRICT, WITHOUT ROWID;`;

/**
 * Writes a network of stationary points to the SQLite file `file`, made if absent. Points that the file holds already
 * are left as they are, new ones are added, and the record of the work is brought up to date, all or nothing: so a file
 * only grows. Numbers in the file count from 0, as in the network; coordinates are little-endian float64.
 * @throws UserError that names the file if it is of another landscape or holds points that the network does not.
 */
export function saveNetwork(file: string, network: Network): void {
  within(file, (database) => {
    database.exec("BEGIN IMMEDIATE");
    try {
      if (!hasLayout(database)) {
        database.exec(schema);
        const put = database.prepare("INSERT INTO about VALUES (?, ?)");
        put.run("layout", String(layout));
        put.run("landscape", network.landscape);
        put.run("coordinates", String(network.n));
        put.run("same value", String(network.same.value));
        put.run("same distance", String(network.same.distance));
      }
      requireGrowth(file, database, network);
      writePoints(database, network);
      writeWork(database, network);
      database.exec("COMMIT");
    } catch (error) {
      database.exec("ROLLBACK");
      throw error;
    }
  });
}

/** The network in the SQLite file `file`, as {@link saveNetwork} wrote it. @throws UserError that names the file. */
export function loadNetwork(file: string): Network {
  return within(
    file,
    (database) => {
      demand(
        hasLayout(database),
        () => `${file}: no network of stationary points; make one with saveNetwork`,
      );
      const about = aboutOf(database);
      demand(
        about.get("layout") === String(layout),
        () => `${file}: layout ${about.get("layout")}; this version reads layout ${layout}`,
      );
      const rows = (sql: string) => database.prepare(sql).all() as Row[];
      const seen = new Map<number, NetworkMinimum["seen"]>();
      for (const row of rows("SELECT * FROM seen ORDER BY minimum, place")) {
        const list = seen.get(row["minimum"] as number) ?? [];
        list.push({ walker: row["walker"] as string, hits: row["hits"] as number });
        seen.set(row["minimum"] as number, list);
      }
      const minima = rows("SELECT * FROM minima ORDER BY id");
      return {
        landscape: about.get("landscape")!,
        n: Number(about.get("coordinates")),
        same: { value: Number(about.get("same value")), distance: Number(about.get("same distance")) },
        minima: minima.map((row, id) => ({ ...pointOf(row), seen: seen.get(id) ?? [] })),
        saddles: rows("SELECT * FROM saddles ORDER BY id").map((row) => ({
          ...pointOf(row),
          vector: numbersOf(row["vector"]),
          minima: [row["minimum_1"] as number, row["minimum_2"] as number],
        })),
        pairs: rows("SELECT * FROM pairs ORDER BY place").map((row) => ({
          pair: [row["minimum_1"] as number, row["minimum_2"] as number],
          attempts: row["attempts"] as number,
        })),
        searches: minima.map((row) => row["searches"] as number),
        modes: minima.map((row) => row["modes"] as number),
        walkers: rows("SELECT name FROM walkers ORDER BY place").map((row) => row["name"] as string),
      };
    },
    { readOnly: true },
  );
}

type Row = Record<string, unknown>;

function within<T>(
  file: string,
  work: (database: DatabaseSync) => T,
  options: { readOnly?: boolean } = {},
): T {
  const database = openDatabase(file, 5000, options);
  try {
    return withDatabase(file, () => work(database));
  } finally {
    database.close();
  }
}

function hasLayout(database: DatabaseSync): boolean {
  return database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'about'").get() !== undefined;
}

function aboutOf(database: DatabaseSync): Map<string, string> {
  const rows = database.prepare("SELECT key, value FROM about").all() as Row[];
  return new Map(rows.map((row) => [row["key"] as string, row["value"] as string]));
}

/** Are the points in the file the first ones of the network? */
function requireGrowth(file: string, database: DatabaseSync, network: Network): void {
  const about = aboutOf(database);
  demand(
    about.get("landscape") === network.landscape && about.get("coordinates") === String(network.n),
    () =>
      `${file} holds ${about.get("landscape")} (${about.get("coordinates")} coordinates), not ${network.landscape} (${network.n}); choose another file`,
  );
  for (const kind of ["minima", "saddles"] as const) {
    const held = database.prepare(`SELECT id, value FROM ${kind} ORDER BY id`).all() as Row[];
    const strange = held.find((row, id) => row["id"] !== id || network[kind][id]?.value !== row["value"]);
    demand(
      strange === undefined,
      () =>
        `${file}: ${kind} ${strange?.["id"]} of value ${strange?.["value"]} is not in this network; load the file, merge the two with mergeNetworks, and save that`,
    );
  }
}

function writePoints(database: DatabaseSync, { minima, saddles }: Network): void {
  const addMinimum = database.prepare("INSERT OR IGNORE INTO minima VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, ?)");
  const common = (p: NetworkMinimum | NetworkSaddle) =>
    [p.value, p.rms, p.lowest, p.logProduct, p.zeroModes, p.order] as const;
  minima.forEach((point, id) => {
    addMinimum.run(id, ...common(point), bytesOf(point.x));
  });
  const addSaddle = database.prepare(
    "INSERT OR IGNORE INTO saddles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
  );
  saddles.forEach((point, id) => {
    addSaddle.run(id, ...common(point), ...point.minima, bytesOf(point.x), bytesOf(point.vector));
  });
}

function writeWork(database: DatabaseSync, network: Network): void {
  const count = database.prepare("UPDATE minima SET searches = ?, modes = ? WHERE id = ?");
  const saw = database.prepare("INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?)");
  network.minima.forEach(({ seen }, id) => {
    count.run(network.searches[id]!, network.modes[id]!, id);
    seen.forEach(({ walker, hits }, place) => {
      saw.run(id, walker, place, hits);
    });
  });
  const pair = database.prepare("INSERT OR REPLACE INTO pairs VALUES (?, ?, ?, ?)");
  network.pairs.forEach(({ pair: [a, b], attempts }, place) => {
    pair.run(a, b, place, attempts);
  });
  const walker = database.prepare("INSERT OR REPLACE INTO walkers VALUES (?, ?)");
  network.walkers.forEach((name, place) => {
    walker.run(place, name);
  });
}

function pointOf(row: Row) {
  return {
    x: numbersOf(row["x"]),
    value: row["value"] as number,
    rms: row["rms"] as number,
    lowest: row["lowest"] as number,
    logProduct: row["log_product"] as number,
    zeroModes: row["zero_modes"] as number,
    order: row["symmetry_order"] as number,
  };
}

function bytesOf(values: Float64Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(8 * values.length));
  values.forEach((value, i) => {
    view.setFloat64(8 * i, value, true);
  });
  return new Uint8Array(view.buffer);
}

function numbersOf(blob: unknown): Float64Array {
  const bytes = blob as Uint8Array;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float64Array.from({ length: bytes.byteLength / 8 }, (_, i) => view.getFloat64(8 * i, true));
}
