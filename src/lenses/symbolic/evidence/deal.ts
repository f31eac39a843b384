import { UserError } from "../../../core/errors.ts";
import type { Random } from "../../../core/random.ts";

/** What the rows are: draws that know nothing of each other, or a series in order. */
export const rowKinds = ["independent", "series"] as const;
export type RowKind = (typeof rowKinds)[number];

/** How targets are dealt out anew by a null model that keeps what rows of this kind have in common. */
export const dealings: Record<RowKind, { name: string; reference: string }> = {
  independent: {
    name: "permuted targets",
    reference:
      "Permuted targets through the whole pipeline: Ojala & Garriga, J. Mach. Learn. Res. 11 (2010) 1833.",
  },
  series: {
    name: "shifted targets",
    reference:
      "Targets shifted in a circle keep their autocorrelation: Theiler et al., Physica D 58 (1992) 77; Harris, arXiv:2012.06862 (2020).",
  },
};

/** Shifts below this share of the rows, either way round, leave a series too much as it is. */
const leastShift = 0.1;

/** Least and largest shift of `rows` rows. */
const shiftRange = (rows: number) => {
  const least = Math.max(1, Math.ceil(leastShift * rows));
  return { least, count: Math.max(0, rows - 2 * least + 1) };
};

/**
 * The order in which draw `k` of a null model deals out the targets: a permutation, or for a series a shift in a circle
 * by 10 % to 90 % of the rows, drawn from `random`.
 * @throws UserError for a series of too few rows to be shifted.
 */
export function dealtOrder(kind: RowKind, rows: number, random: Random): ArrayLike<number> {
  if (kind === "independent") return random.permutation(rows);
  const { least, count } = shiftRange(rows);
  if (count < 3) {
    throw new UserError(
      `symbolic lens: a series of ${rows} rows has ${count} shifts; expected at least 20 rows, or rows 'independent'`,
    );
  }
  const shift = least + random.int(count);
  return Array.from({ length: rows }, (_, i) => (i + shift) % rows);
}
