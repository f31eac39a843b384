import { UserError } from "../../../core/errors.ts";
import type { DynamicsData } from "./data.ts";
import { differences, savitzkyGolay, trajectoryRanges } from "./derivatives.ts";
import { exponentsOf, fourierLibrary, type Library, libraryMatrix, polynomialLibrary } from "./library.ts";
import { noiseCorrectedMoments } from "./noise-corrected.ts";
import { type Moments, momentsOf } from "./normal.ts";
import type { RateMethod, SparseOptions } from "./options.ts";
import { weakForm } from "./weak-form.ts";

/** A sparse regression ready to be solved: its moments, in stretches of rows that are resampled together. */
export interface SparseProblem {
  library: Library;
  parts: Moments[];
  rates: RateMethod;
}

/**
 * The rates of change (or their weak form) and the library on the data, as moments of stretches of rows.
 * @throws UserError for rates that were asked for and are not there, options that do not go together, and as the parts.
 */
export function sparseProblem(data: DynamicsData, options: SparseOptions): SparseProblem {
  const { degree = 2, frequencies = 0, window = 15, blocks = 100, correctNoise = false } = options;
  const { states, times, trajectory } = data;
  const rates = options.rates ?? (data.rates ? "given" : "savitzky-golay");
  if (rates === "given" && !data.rates) {
    throw new UserError(
      `sindy: the data of ${data.names.join(", ")} have no rates; expected columns of them, or the option rates: "savitzky-golay"`,
    );
  }
  const library = options.library ?? [
    ...polynomialLibrary(states.length, { degree }),
    ...fourierLibrary(states.length, { frequencies }),
  ];
  if (correctNoise) {
    if (rates !== "given" || options.library || frequencies > 0) {
      throw new UserError(
        `sindy: correctNoise with rates: "${rates}" and ${options.library ? "a library of its own" : `${frequencies} frequencies`}; expected given rates and a polynomial library`,
      );
    }
    const exponents = Array.from({ length: degree + 1 }, (_, d) => exponentsOf(states.length, d)).flat();
    const sigma = data.sigma ?? states.map(() => 0);
    const parts = stretches(times.length, blocks).map((range) =>
      noiseCorrectedMoments(exponents, states, data.rates!, sigma, range),
    );
    return { library, parts, rates };
  }
  if (rates === "weak form") {
    const weak = weakForm(libraryMatrix(library, states), states, times, trajectory, options.weak);
    const parts = stretches(weak.design.rows, Math.min(blocks, Math.ceil(weak.design.rows / 12))).map(
      (range) => momentsOf(weak.design, weak.targets, range),
    );
    return { library, parts, rates };
  }
  const slopes = rates === "given" ? { states, rates: data.rates! } : estimated(data, rates, window);
  const design = libraryMatrix(library, slopes.states);
  const parts = stretches(times.length, blocks).map((range) => momentsOf(design, slopes.rates, range));
  return { library, parts, rates };
}

function estimated(data: DynamicsData, method: RateMethod, window: number) {
  const ranges = trajectoryRanges(data.trajectory, data.times.length);
  const smooth = data.states.map((values) => values.slice());
  const rates = data.states.map((values) => new Float64Array(values.length));
  for (const [from, to] of ranges) {
    const times = data.times.subarray(from, to);
    data.states.forEach((values, k) => {
      const part = values.subarray(from, to);
      if (method === "differences") {
        rates[k]!.set(differences(part, times), from);
      } else {
        const fit = savitzkyGolay(part, times, { window });
        rates[k]!.set(fit.derivatives, from);
        smooth[k]!.set(fit.values, from);
      }
    });
  }
  return { states: smooth, rates };
}

/** `count` stretches of about equal length over the rows. */
function stretches(rows: number, count: number): [number, number][] {
  const n = Math.max(1, Math.min(rows, count));
  return Array.from({ length: n }, (_, k) => [Math.floor((k * rows) / n), Math.floor(((k + 1) * rows) / n)]);
}
