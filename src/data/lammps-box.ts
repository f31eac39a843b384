import { demand, UserError } from "../core/errors.ts";

/** A simulation box, in the file's unit of length. */
export interface DumpBox {
  /** Rows are the lattice vectors. */
  cell: Float64Array;
  origin: [number, number, number];
  periodic: [boolean, boolean, boolean];
}

/**
 * The box of a dump. `head` is the ITEM: BOX BOUNDS line, `rows` the three after it: "lo hi"; with "xy xz yz" in the
 * head "lo_bound hi_bound tilt", where the bounds enclose the tilted box; with "abc origin" a vector and a component of
 * the origin each. Source: LAMMPS documentation, Howto triclinic. @throws UserError naming `where` for other rows.
 */
export function dumpBox(head: string, rows: readonly [string, string, string], where: string): DumpBox {
  const words = head.split(/\s+/).slice(3);
  const general = words[0] === "abc";
  const tilted = words.slice(0, 3).join(" ") === "xy xz yz";
  const flags = words.slice(general ? 2 : tilted ? 3 : 0);
  const width = general ? 4 : tilted ? 3 : 2;
  const values = rows.map((row) => row.split(/\s+/).map(Number));
  if (values.some((row) => row.length !== width || !row.every(Number.isFinite))) {
    throw new UserError(
      `${where}: box '${rows.join("; ")}'; expected ${width} numbers in each of three lines after '${head}'`,
    );
  }
  demand(
    flags.length === 3 && flags.every((flag) => /^[pfsm]{2}$/.test(flag)),
    () =>
      `${where}: boundaries '${flags.join(" ")}'; expected three such as pp or ff: dumps before 2009 lack them`,
  );
  const periodic = flags.map((flag) => flag === "pp") as [boolean, boolean, boolean];
  const [a, b, c] = values as [number[], number[], number[]];
  if (general) {
    return {
      cell: Float64Array.from([...a.slice(0, 3), ...b.slice(0, 3), ...c.slice(0, 3)]),
      origin: [a[3]!, b[3]!, c[3]!],
      periodic,
    };
  }
  const [xy, xz, yz] = tilted ? [a[2]!, b[2]!, c[2]!] : [0, 0, 0];
  const low = [a[0]! - Math.min(0, xy, xz, xy + xz), b[0]! - Math.min(0, yz), c[0]!] as const;
  const high = [a[1]! - Math.max(0, xy, xz, xy + xz), b[1]! - Math.max(0, yz), c[1]!] as const;
  const [lx, ly, lz] = [high[0] - low[0], high[1] - low[1], high[2] - low[2]];
  demand(lx > 0 && ly > 0 && lz > 0, () => `${where}: box '${rows.join("; ")}' has no volume`);
  return { cell: Float64Array.of(lx, 0, 0, xy, ly, 0, xz, yz, lz), origin: [...low], periodic };
}
