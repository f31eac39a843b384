import { breathe } from "../../core/breathe.ts";
import { demand } from "../../core/errors.ts";
import { quietTask, type Task } from "../../core/task.ts";
import { type Cut, couplingsAt, cuts } from "./cuts.ts";
import { fidelitySusceptibility } from "./fidelity.ts";
import { groundStateSolver } from "./ground-state.ts";
import { threshold } from "./labels.ts";
import { orderParameters } from "./observables.ts";
import { type ExcitationSolver, excitationSolver, levelCrossing } from "./spectroscopy.ts";

/** A classical estimate of where the Luttinger liquid ends on V2 = 0, ring by ring. */
export interface CriticalEstimate {
  name: string;
  /** How it is computed, in a sentence. */
  method: string;
  /** What to expect of it on small rings. */
  caveat: string;
  /** One value a ring, or one a pair of neighbouring rings (the larger L); NaN where the indicator has none. */
  sizes: { L: number; value: number }[];
  /** V1/J: the intercept of a straight line in 1/L² over `sizes` where `extrapolated`, else the largest ring's. */
  estimate: number;
  extrapolated: boolean;
  /** Largest minus smallest value over the rings. */
  spread: number;
}

const searched = [0.05, 8] as const;

/**
 * Where five classical indicators put the end of the Luttinger liquid on V2 = 0, for rings of the given sizes; exact
 * (Bethe ansatz): V1 = J. Level spectroscopy finds it on every ring, by SU(2) symmetry. The others are poor, and
 * say so: the transition is of Kosterlitz–Thouless type, whose gap opens as exp(−const/√(V1 − 1)).
 * Sizes up to 12 take about a second, 14 three more.
 * @throws UserError for fewer than two sizes or an odd one; Cancelled.
 */
export async function criticalEstimates(
  options: { sizes?: readonly number[]; task?: Task } = {},
): Promise<CriticalEstimate[]> {
  const { sizes = [8, 10, 12], task = quietTask } = options;
  demand(
    sizes.length >= 2 && sizes.every((L) => L % 2 === 0) && new Set(sizes).size === sizes.length,
    () => `criticalEstimates: sizes [${sizes}]; expected at least two different even numbers of sites`,
  );
  const rings = [...sizes].sort((a, b) => a - b);
  const levels: { L: number; value: number }[] = [];
  const fidelity: { L: number; value: number }[] = [];
  const label: { L: number; value: number }[] = [];
  const half: { L: number; value: number }[] = [];
  const scaled: { L: number; value: number }[] = [];
  let smaller: { L: number; solver: ExcitationSolver } | undefined;
  for (const [k, L] of rings.entries()) {
    task.report(k / rings.length, `ring of ${L} sites`);
    await breathe(task);
    const solver = excitationSolver(L);
    levels.push({
      L,
      value: levelCrossing(solver, {
        levels: ["doublet", "neel"],
        along: "V1",
        fixed: 0,
        between: [0.2, 4],
      }),
    });
    await breathe(task);
    fidelity.push({ L, value: fidelityPeak(L) });
    await breathe(task);
    label.push({ L, value: orderCrossing(L, cuts.cdw1, threshold(cuts.cdw1.criteria[0])) });
    half.push({ L, value: orderCrossing(L, cuts.cdw1, 0.5) });
    await breathe(task);
    if (smaller) scaled.push({ L, value: scaledGapCrossing(smaller, { L, solver }) });
    smaller = { L, solver };
  }
  return [
    summary("level spectroscopy", levels, true, {
      method:
        "crossing of the lowest excitation with one particle more and the lowest at momentum π, odd under particle–hole exchange",
      caveat: "exact on every ring at V2 = 0 (SU(2) triplet); elsewhere corrections fall as 1/L²",
    }),
    summary("gap scaling", scaled, false, {
      method: "crossing of L·(E₀(N+1) − E₀(N)) of neighbouring rings, without pin",
      caveat: "the curves of the Luttinger liquid nearly coincide, so the crossing is ill-conditioned",
    }),
    summary("fidelity susceptibility", fidelity, false, {
      method: "largest χ_F per site over V1, without pin",
      caveat:
        "χ_F does not diverge at a Kosterlitz–Thouless transition; its peak drifts towards it as 1/ln²L",
    }),
    summary("order parameter, label threshold", label, false, {
      method: "CDW-I order parameter = 10·h1, h1 = 1e-7",
      caveat:
        "the susceptibility reaches 10 where the factor 10 puts it; that this is near 1 at L = 12 is a choice",
    }),
    summary("order parameter, one half", half, false, {
      method: "CDW-I order parameter = 1/2 with h1 = 1e-7",
      caveat:
        "the field breaks the symmetry where the splitting of the two patterns falls below it, far above 1",
    }),
  ];
}

/** V1 of the highest peak of the fidelity susceptibility of an unpinned ring: a scan, then a parabola; NaN if none. */
function fidelityPeak(L: number): number {
  const solver = groundStateSolver({ L });
  const step = 0.1;
  const scan = Array.from({ length: 36 }, (_, k) => {
    const V1 = 0.5 + k * step;
    return { V1, chi: fidelitySusceptibility(solver, { V1, V2: 0 }, { step: 0.02 }).value };
  });
  let best = { V1: Number.NaN, chi: 0 };
  for (let k = 1; k < scan.length - 1; k++) {
    const [left, top, right] = [scan[k - 1]!.chi, scan[k]!.chi, scan[k + 1]!.chi];
    if (top <= left || top < right || top <= best.chi) continue;
    best = { V1: scan[k]!.V1 + (step * (left - right)) / (2 * (left - 2 * top + right)), chi: top };
  }
  return best.V1;
}

/** Smallest V1 at which the order parameter of a pinned ring reaches `level`, by bisection. */
function orderCrossing(L: number, cut: Cut, level: number): number {
  const solver = groundStateSolver({ L, ...cut.pin });
  const above = (t: number) =>
    orderParameters(solver.basis, solver.solve(couplingsAt(cut, t)).amplitudes).cdw1 >= level;
  return bisect(above, 0.01, 1000);
}

function scaledGapCrossing(
  small: { L: number; solver: ExcitationSolver },
  large: { L: number; solver: ExcitationSolver },
): number {
  const difference = (V1: number) =>
    large.L * large.solver({ V1, V2: 0 }).doublet - small.L * small.solver({ V1, V2: 0 }).doublet;
  if (difference(searched[0]) * difference(searched[1]) > 0) return Number.NaN;
  const sign = Math.sign(difference(searched[1]));
  return bisect((V1) => Math.sign(difference(V1)) === sign, ...searched, 1e-6);
}

/** The place where `above` turns true between `low` (false) and `high` (true). */
function bisect(above: (x: number) => boolean, low: number, high: number, tolerance = 1e-8): number {
  if (above(low) || !above(high)) return Number.NaN;
  let [from, to] = [low, high];
  while (to - from > tolerance * Math.max(1, from)) {
    const middle = (from + to) / 2;
    if (above(middle)) to = middle;
    else from = middle;
  }
  return (from + to) / 2;
}

function summary(
  name: string,
  sizes: { L: number; value: number }[],
  extrapolated: boolean,
  words: { method: string; caveat: string },
): CriticalEstimate {
  const known = sizes.filter(({ value }) => Number.isFinite(value));
  const values = known.map(({ value }) => value);
  const largest = values.at(-1) ?? Number.NaN;
  const line = extrapolated && known.length >= 2;
  return {
    name,
    ...words,
    sizes,
    estimate: line ? intercept(known) : largest,
    extrapolated: line,
    spread: values.length === 0 ? Number.NaN : Math.max(...values) - Math.min(...values),
  };
}

/** Least-squares value at 1/L² = 0. */
function intercept(points: readonly { L: number; value: number }[]): number {
  const x = points.map(({ L }) => 1 / L ** 2);
  const meanX = x.reduce((a, b) => a + b, 0) / x.length;
  const meanY = points.reduce((sum, { value }) => sum + value, 0) / x.length;
  let [top, bottom] = [0, 0];
  points.forEach(({ value }, k) => {
    top += (x[k]! - meanX) * (value - meanY);
    bottom += (x[k]! - meanX) ** 2;
  });
  return meanY - (top / bottom) * meanX;
}
