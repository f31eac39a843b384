import { UserError } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import type { BindingData } from "./fits.ts";
import type { Nuclei } from "./nuclides.ts";
import { splitEntries } from "./splits.ts";

/** Nuclei to fit and nuclei to check on, none in both. */
export interface HoldOut {
  train: BindingData;
  test: BindingData;
}

/** How nuclei are held out: a random share of them, or the outermost isotopes of each chain. */
export type HoldOutKind = { kind: "nuclei"; fraction: number } | { kind: "extrapolate"; edge: number };

/**
 * Holds out whole nuclei by the leak-free splits of {@link splitEntries}. With `seen`, on by default for `nuclei`,
 * the test nuclei are those whose Z and whose N both occur in training: what the paper's Figure 9 counts (Kitouni et
 * al., arXiv:2405.17425), since a token that was never trained can only be guessed.
 * @throws UserError as `splitEntries`, for a binding energy that is not a number, and where no test nucleus is left.
 */
export function holdOutNuclei(
  data: BindingData,
  how: HoldOutKind & { random: Random; seen?: boolean },
): HoldOut {
  const { seen = how.kind === "nuclei" } = how;
  const count = data.z.length;
  for (let i = 0; i < count; i++) {
    if (Number.isFinite(data.binding[i]!)) continue;
    throw new UserError(
      `holdOutNuclei: nucleus Z = ${data.z[i]}, N = ${data.n[i]} has binding energy ${data.binding[i]}; leave it out`,
    );
  }
  const split = splitEntries({
    ...how,
    nuclei: data,
    entries: Array.from({ length: count }, (_, nucleus) => ({ nucleus, partners: [] })),
  });
  const train = takeNuclei(data, split.train);
  const known = seenTokens(train);
  const rows = split.validation.filter((i) => !seen || known(data.z[i]!, data.n[i]!));
  if (rows.length === 0) {
    throw new UserError(
      `holdOutNuclei: none of ${split.validation.length} held-out nuclei has a Z and an N that train; train on more`,
    );
  }
  return { train, test: takeNuclei(data, rows) };
}

/** The nuclei at `rows`, in that order, with their binding energies and uncertainties. */
export function takeNuclei(data: BindingData, rows: ArrayLike<number>): BindingData {
  const take = (values: ArrayLike<number>) => Float64Array.from(rows, (i) => values[i]!);
  return {
    z: take(data.z),
    n: take(data.n),
    binding: take(data.binding),
    ...(data.uncertainty ? { uncertainty: take(data.uncertainty) } : {}),
  };
}

/** Whether a Z and an N both occur among `nuclei`. */
export function seenTokens(nuclei: Nuclei): (z: number, n: number) => boolean {
  const [z, n] = [new Set(Array.from(nuclei.z)), new Set(Array.from(nuclei.n))];
  return (pz, pn) => z.has(pz) && n.has(pn);
}
