import { usageError } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import { quietTask, type Task } from "../../core/task.ts";
import {
  fitGaussianProcess,
  gaussianProcessDeviation,
  gaussianProcessMean,
} from "../../stats/gaussian-process.ts";
import { type BindingData, fitMassFormula } from "./fits.ts";
import { formulaResiduals, nuclidePoints } from "./formula-baseline.ts";
import { formulaBinding, type MassFormula } from "./liquid-drop.ts";
import { innerSplit, leastError, type MassBaseline } from "./mass-baseline.ts";

/** What the Gaussian process is tried with: lengths in nucleons, noise variances in units of its own variance. */
export const gaussianProcessGrid = { lengths: [3.5, 5], noises: [1e-3, 5e-3, 2e-2, 5e-2] } as const;

/**
 * A fitted mass formula and a Gaussian process over (Z, N) for what the formula leaves: kernel
 * s²·exp(−((Z−Z')² + (N−N')²)/2ℓ²), exact, on every training nucleus. Length and noise are those of least error on a
 * fifth of the training nuclei held out once more; where every training nucleus has near neighbours it is the length
 * 3.5 that is chosen, at a tenth of the chart mostly 5. About as long as six factorisations of the training nuclei's
 * kernel: a few tens of seconds at most for all the masses there are.
 * @param options.lengths, options.noises the values to choose from: one each and nothing is chosen.
 */
export function gaussianProcessBaseline(
  formula: MassFormula,
  options: { lengths?: readonly number[]; noises?: readonly number[] } = {},
): MassBaseline {
  const { lengths = gaussianProcessGrid.lengths, noises = gaussianProcessGrid.noises } = options;
  const grid = lengths.flatMap((length) => noises.map((noise) => ({ length, noise })));
  if (grid.length === 0) throw usageError("gaussianProcessBaseline: no length or no noise to choose from");
  return {
    name: `${formula.name}_gp`,
    title: `${formula.title} + GP`,
    help: `${formula.title} fitted by least squares, plus a Gaussian process over (Z, N) for the rest`,
    citation: `${formula.citation}; Rasmussen & Williams, Gaussian Processes for Machine Learning (MIT Press, 2006)`,
    async predict({ train, nuclei, random, task = quietTask }) {
      const chosen =
        grid.length === 1
          ? grid[0]!
          : await chooseOnInnerSplit(grid, formula, train, random.fork("inner"), task.part(0, 0.7));
      const fit = fitMassFormula(formula, train);
      const process = await fitGaussianProcess(nuclidePoints(train), formulaResiduals(fit, train), {
        ...chosen,
        task: task.part(0.7, 0.9, `Gaussian process on ${train.z.length} nuclei`),
      });
      const points = nuclidePoints(nuclei);
      const rest = gaussianProcessMean(process, points);
      const sigma = await gaussianProcessDeviation(process, points, {
        task: task.part(0.9, 1, `uncertainty at ${points.rows} nuclei`),
      });
      const binding = formulaBinding(formula, nuclei, fit.coefficients).map((value, i) => value + rest[i]!);
      return { binding, sigma, chosen: { ...chosen } };
    },
  };
}

async function chooseOnInnerSplit(
  grid: readonly { length: number; noise: number }[],
  formula: MassFormula,
  train: BindingData,
  random: Random,
  task: Task,
): Promise<{ length: number; noise: number }> {
  const { fit: inner, check } = innerSplit(train, random);
  const fit = fitMassFormula(formula, inner);
  const rest = formulaResiduals(fit, inner);
  const actual = formulaResiduals(fit, check);
  const { candidate } = await leastError(grid, async (hyper) => {
    const at = grid.indexOf(hyper);
    const part = task.part(
      at / grid.length,
      (at + 1) / grid.length,
      `length ${hyper.length}, noise ${hyper.noise}`,
    );
    const process = await fitGaussianProcess(nuclidePoints(inner), rest, { ...hyper, task: part });
    return gaussianProcessMean(process, nuclidePoints(check)).map((value, i) => value - actual[i]!);
  });
  return candidate;
}
