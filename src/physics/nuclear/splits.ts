import { UserError, usageError } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import type { Nuclei } from "./nuclides.ts";

/** What a split has to know of a target: its nucleus and the other nuclei whose mass it contains. */
export interface Entry {
  nucleus: number;
  partners: readonly number[];
}

/** The kinds of split; `random` and `random-all_same` leak and are there to repeat the paper. */
export const splitKinds = ["nuclei", "random", "random-all_same", "extrapolate"] as const;
export type SplitKind = (typeof splitKinds)[number];

/** Indices of entries. Every entry is in one of the three. */
export interface Split {
  kind: SplitKind;
  train: Int32Array;
  validation: Int32Array;
  /** Derived targets of training nuclei that contain the mass of a held-out nucleus: in neither set. */
  dropped: Int32Array;
  /** 1 for a nucleus that is held out as a whole; all 0 in the split `random`. */
  heldOut: Uint8Array;
}

/**
 * Splits entries into training and validation.
 *
 * - `nuclei`: whole nuclei are held out, exactly round((1 − fraction)·nuclei) of them, and every training target that
 *   contains the mass of a held-out nucleus is dropped: nothing held out follows from training by mass arithmetic. The
 *   neutron, ¹H and ⁴He always train: their masses are constants of the mass identities.
 * - `extrapolate`: for Z ≥ 28 the `edge` lightest and the `edge` heaviest neutron numbers' worth of each isotopic
 *   chain (N < N_min + edge or N > N_max − edge) are held out, chains of fewer than 2·edge nuclei excepted; dropped
 *   as in `nuclei`.
 * - `random`: (nucleus, target) rows are split, exactly round(fraction·rows) to train. Leaks.
 * - `random-all_same`: each nucleus trains with probability `fraction`, in all its targets. Its derived targets leak.
 *
 * The last three are the paper's (Kitouni et al., arXiv:2405.17425), with the drop added to `extrapolate`.
 * @param options.nuclei all nuclei; entries refer to them by index. @param options.fraction share that trains, 0 to 1
 * exclusive. @param options.edge for `extrapolate`: 1 or more.
 * @throws UserError for an unknown kind, a fraction or edge out of range, an entry whose nucleus does not exist, and
 * a split that leaves training or validation empty.
 */
export function splitEntries(options: {
  kind?: SplitKind;
  nuclei: Nuclei;
  entries: readonly Entry[];
  fraction?: number;
  edge?: number;
  random: Random;
}): Split {
  const { kind = "nuclei", nuclei, entries, fraction = 0.8, edge = 1, random } = options;
  if (!splitKinds.includes(kind)) {
    throw usageError(`splitEntries: unknown split '${kind}'; known: ${splitKinds.join(", ")}`);
  }
  if (!(fraction > 0 && fraction < 1)) {
    throw usageError(`splitEntries: fraction ${fraction}; expected a number between 0 and 1`);
  }
  const count = nuclei.z.length;
  entries.forEach(({ nucleus, partners }, i) => {
    const bad = [nucleus, ...partners].find((k) => !(Number.isInteger(k) && k >= 0 && k < count));
    if (bad !== undefined) {
      throw new UserError(`splitEntries: entry ${i} refers to nucleus ${bad} of ${count}`);
    }
  });
  const heldOut = new Uint8Array(count);
  const train: number[] = [];
  const validation: number[] = [];
  const dropped: number[] = [];
  if (kind === "random") {
    const order = random.permutation(entries.length);
    const size = Math.round(fraction * entries.length);
    train.push(...order.slice(0, size).sort());
    validation.push(...order.slice(size).sort());
  } else {
    if (kind === "nuclei") {
      const order = Array.from(random.permutation(count)).filter(
        (k) => !isConstant(nuclei.z[k]!, nuclei.n[k]!),
      );
      const held = count - Math.round(fraction * count);
      for (const k of order.slice(Math.max(0, order.length - held))) heldOut[k] = 1;
    } else if (kind === "random-all_same") {
      for (let k = 0; k < count; k++) heldOut[k] = random.uniform() < fraction ? 0 : 1;
    } else {
      holdOutEdges(nuclei, edge, heldOut);
    }
    const leaks = kind === "random-all_same";
    entries.forEach(({ nucleus, partners }, i) => {
      if (heldOut[nucleus]) validation.push(i);
      else if (!leaks && partners.some((k) => heldOut[k])) dropped.push(i);
      else train.push(i);
    });
  }
  if (train.length === 0 || validation.length === 0) {
    throw new UserError(
      `splitEntries: '${kind}' leaves ${train.length} entries to train and ${validation.length} to validate of ${entries.length}; expected some of both: change the fraction or the data`,
    );
  }
  return {
    kind,
    train: Int32Array.from(train),
    validation: Int32Array.from(validation),
    dropped: Int32Array.from(dropped),
    heldOut,
  };
}

function holdOutEdges({ z, n }: Nuclei, edge: number, heldOut: Uint8Array): void {
  if (!Number.isInteger(edge) || edge < 1) {
    throw usageError(`splitEntries: edge ${edge}; expected a whole number of at least 1`);
  }
  const chains = Map.groupBy(
    Array.from({ length: z.length }, (_, k) => k).filter((k) => z[k]! >= 28),
    (k) => z[k]!,
  );
  for (const chain of chains.values()) {
    if (chain.length < 2 * edge) continue;
    const first = Math.min(...chain.map((k) => n[k]!));
    const last = Math.max(...chain.map((k) => n[k]!));
    for (const k of chain) if (n[k]! < first + edge || n[k]! > last - edge) heldOut[k] = 1;
  }
}

/** Is the nucleus one whose mass the mass identities take as known? */
function isConstant(z: number, n: number): boolean {
  return z + n <= 1 || (z === 2 && n === 2);
}
