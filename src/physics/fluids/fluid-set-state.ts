import { UserError } from "../../core/errors.ts";
import { readSafetensors, writeSafetensors } from "../../data/safetensors.ts";
import type { Motion } from "./dynamics.ts";

/** Keys and bytes; every write is whole or absent. */
export interface SetStore {
  read(key: string): Uint8Array | undefined;
  write(key: string, bytes: Uint8Array): void;
}

/** A set under way. Arrays have room for all frames. */
export interface SetProgress {
  /** Where the dynamics stand. */
  motion: Motion;
  /** Frames done. */
  frames: number;
  positions: Float64Array;
  forces: Float64Array;
  pairEnergies: Float64Array;
  tripletEnergies: Float64Array;
}

const key = "fluid-set";
const arrays = ["positions", "forces", "pairEnergies", "tripletEnergies"] as const;

/** Nothing done yet of `frames` frames. */
export function emptyProgress(motion: Motion, frames: number): SetProgress {
  const size = frames * motion.positions.length;
  return {
    motion,
    frames: 0,
    positions: new Float64Array(size),
    forces: new Float64Array(size),
    pairEnergies: new Float64Array(frames),
    tripletEnergies: new Float64Array(frames),
  };
}

/** Keeps what is done; `fingerprint` names the options it belongs to. */
export function writeProgress(store: SetStore, fingerprint: string, progress: SetProgress): void {
  const vector = (data: Float64Array) => ({ shape: [data.length], data });
  const { motion } = progress;
  const tensors = {
    "motion.positions": vector(motion.positions),
    "motion.velocities": vector(motion.velocities),
    "motion.masses": vector(motion.masses),
    ...Object.fromEntries(arrays.map((name) => [name, vector(progress[name])])),
  };
  store.write(key, writeSafetensors(tensors, { fingerprint, frames: String(progress.frames) }));
}

/** What is done of the set with these options. @throws UserError if the store holds a set with others. */
export function readProgress(store: SetStore, fingerprint: string): SetProgress | undefined {
  const bytes = store.read(key);
  if (bytes === undefined) return undefined;
  const { tensors, metadata } = readSafetensors(bytes, "fluidSet: its checkpoint");
  if (metadata["fingerprint"] !== fingerprint) {
    throw new UserError(
      `fluidSet: the store holds a set with other options: ${metadata["fingerprint"]}; asked for ${fingerprint}. Take another store or remove its key '${key}'`,
    );
  }
  const of = (name: string) => Float64Array.from(tensors.get(name)!.data as Float64Array);
  return {
    motion: {
      positions: of("motion.positions"),
      velocities: of("motion.velocities"),
      masses: of("motion.masses"),
    },
    frames: Number(metadata["frames"]),
    positions: of("positions"),
    forces: of("forces"),
    pairEnergies: of("pairEnergies"),
    tripletEnergies: of("tripletEnergies"),
  };
}
