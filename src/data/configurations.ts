import { demand, UserError } from "../core/errors.ts";
import type { Provenance } from "./table.ts";

/**
 * Frames of the same beads, in Å, kcal/mol and kcal/mol/Å whatever the file had: what a coarse-grained potential is
 * trained on (force matching) and looked at with.
 */
export interface Configurations {
  name: string;
  frames: number;
  beads: number;
  /** One word a bead, the same in all frames. */
  species: readonly string[];
  /** frames×beads×3, Å. */
  positions: Float64Array;
  /** frames×beads×3, kcal/mol/Å. */
  forces?: Float64Array;
  /** One a frame, kcal/mol. */
  energies?: Float64Array;
  /** frames×9, rows are lattice vectors, Å; absent for beads in vacuum. */
  cells?: Float64Array;
  /** Whether the cell repeats along its three vectors. */
  periodic: readonly [boolean, boolean, boolean];
  provenance: readonly Provenance[];
}

/** One frame of a file, before frames are joined. Same units as {@link Configurations}. */
export interface Frame {
  species: readonly string[];
  positions: Float64Array;
  forces?: Float64Array;
  energy?: number;
  /** Nine numbers, rows are lattice vectors. */
  cell?: Float64Array;
  periodic: readonly [boolean, boolean, boolean];
  /** What else the file says of the frame, as words. */
  info: Readonly<Record<string, string>>;
}

/**
 * Joins frames into one set.
 * @throws UserError naming the frame (counted from 0) whose beads, species, directions or kind of content differ from
 * the first one's, and for no frames.
 */
export function joinFrames(
  frames: readonly Frame[],
  options: { name: string; provenance?: readonly Provenance[] },
): Configurations {
  const { name, provenance = [] } = options;
  const [first] = frames;
  if (first === undefined) throw new UserError(`${name}: no frames`);
  const beads = first.species.length;
  frames.forEach((frame, f) => {
    const where = `${name}: frame ${f}`;
    demand(
      frame.species.length === beads,
      () => `${where} has ${frame.species.length} beads, frame 0 has ${beads}`,
    );
    const other = frame.species.findIndex((word, i) => word !== first.species[i]);
    demand(
      other < 0,
      () =>
        `${where}: bead ${other} is '${frame.species[other]}', in frame 0 '${first.species[other]}'; expected the same beads in the same order`,
    );
    demand(
      frame.periodic.every((value, k) => value === first.periodic[k]),
      () => `${where}: periodic along [${frame.periodic}], frame 0 along [${first.periodic}]`,
    );
    for (const field of ["forces", "energy", "cell"] as const) {
      demand(
        (frame[field] === undefined) === (first[field] === undefined),
        () =>
          `${where} ${frame[field] === undefined ? "lacks" : "has"} ${field}, frame 0 ${first[field] === undefined ? "lacks" : "has"} it`,
      );
    }
  });
  const joined = (pick: (frame: Frame) => Float64Array, width: number) => {
    const out = new Float64Array(frames.length * width);
    frames.forEach((frame, f) => {
      out.set(pick(frame), f * width);
    });
    return out;
  };
  return {
    name,
    frames: frames.length,
    beads,
    species: first.species,
    positions: joined((frame) => frame.positions, 3 * beads),
    ...(first.forces ? { forces: joined((frame) => frame.forces!, 3 * beads) } : {}),
    ...(first.energy === undefined ? {} : { energies: Float64Array.from(frames, (frame) => frame.energy!) }),
    ...(first.cell ? { cells: joined((frame) => frame.cell!, 9) } : {}),
    periodic: first.periodic,
    provenance,
  };
}

/** Frame `f` of a set; its arrays are views. @throws UserError if there is no such frame. */
export function frameOf(set: Configurations, f: number): Frame {
  demand(
    Number.isInteger(f) && f >= 0 && f < set.frames,
    () => `${set.name}: no frame ${f}; there are 0 to ${set.frames - 1}`,
  );
  const part = (values: Float64Array, width: number) => values.subarray(f * width, (f + 1) * width);
  return {
    species: set.species,
    positions: part(set.positions, 3 * set.beads),
    ...(set.forces ? { forces: part(set.forces, 3 * set.beads) } : {}),
    ...(set.energies ? { energy: set.energies[f]! } : {}),
    ...(set.cells ? { cell: part(set.cells, 9) } : {}),
    periodic: set.periodic,
    info: {},
  };
}

/** The frames of a set with these numbers, in that order. @throws UserError if there is no such frame. */
export function selectFrames(set: Configurations, frames: ArrayLike<number>): Configurations {
  const chosen = Array.from(frames, (f) => frameOf(set, f));
  return joinFrames(chosen, { name: set.name, provenance: set.provenance });
}

/**
 * @throws UserError naming frame and bead (counted from 0) of the first number that is not finite, and an array whose
 * length does not fit.
 */
export function checkConfigurations(set: Configurations): void {
  const { name, frames, beads } = set;
  const lengths = { positions: 3 * beads, forces: 3 * beads, energies: 1, cells: 9 } as const;
  demand(set.species.length === beads, () => `${name}: ${set.species.length} species for ${beads} beads`);
  for (const [field, width] of Object.entries(lengths)) {
    const values = set[field as keyof typeof lengths];
    if (values === undefined) continue;
    demand(
      values.length === frames * width,
      () =>
        `${name}: ${values.length} numbers of ${field}; expected ${frames * width} for ${frames} frames of ${beads} beads`,
    );
    const bad = values.findIndex((value) => !Number.isFinite(value));
    if (bad < 0) continue;
    const frame = Math.floor(bad / width);
    const bead = width === 3 * beads ? `, bead ${Math.floor((bad % width) / 3)}` : "";
    throw new UserError(
      `${name}: frame ${frame}${bead}: ${field} ${values[bad]}; expected finite numbers (frames and beads are counted from 0)`,
    );
  }
}
