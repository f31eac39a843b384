import { UserError } from "../../../core/errors.ts";
import { type Random, random } from "../../../core/random.ts";
import { quietTask, type Task } from "../../../core/task.ts";
import { eigenSymmetric } from "../../../linalg/eigen-symmetric.ts";
import { hutchPlusPlus } from "../../../linalg/hutchpp.ts";
import { lanczos } from "../../../linalg/lanczos.ts";
import { type Matrix, matrix } from "../../../linalg/matrix.ts";
import {
  exactQuadrature,
  quadratureTrace,
  type SpectralQuadrature,
  spectralDensity,
  spectralQuadrature,
} from "../../../linalg/slq.ts";
import type { CurvatureOperator } from "../operator.ts";
import { blockOf, type ParameterGroup } from "./block-diagonal.ts";
import { gatherColumns, scatterColumns } from "./embedded.ts";

export interface SpectrumOptions {
  /** Of the objective: eigenvalues below it are no curvature of the data. */
  ridge: number;
  /** Eigenpairs from the top and from the bottom; default 10 and 5. */
  top?: number;
  bottom?: number;
  /** "full": all eigenvalues; "matrix-free": Lanczos, quadrature, Hutch++. Default: full up to 1500 parameters. */
  method?: "full" | "matrix-free";
  seed?: number;
  /** Of the stochastic quadrature; default 8 and 60. */
  probes?: number;
  steps?: number;
  /** Products for the trace; default 90. */
  traceProducts?: number;
  /** Points of the density; default 400, over the whole range. */
  grid?: Float64Array | number;
  /** Broadening; default a hundredth of the range. */
  width?: number;
  /** Also the spectra of these diagonal blocks (see parameterGroups). */
  groups?: readonly ParameterGroup[];
  task?: Task;
}

/** Eigenvalues, largest first, with a unit eigenvector a row. */
export interface SpectrumEnd {
  values: Float64Array;
  vectors: Matrix;
}

export interface CurvatureSpectrum {
  method: "full" | "matrix-free";
  size: number;
  /** All eigenvalues, largest first, where the method is "full". */
  values?: Float64Array;
  top: SpectrumEnd;
  bottom: SpectrumEnd;
  /** The spectrum as weighted points, for densities on other grids and traces of functions. */
  quadrature: SpectralQuadrature;
  /** Integrates to 1 over the grid; the standard error is 0 where the method is "full". */
  density: { grid: Float64Array; density: Float64Array; error: Float64Array; width: number };
  trace: { value: number; error: number };
  /** tr H² = Σλ². */
  squares: { value: number; error: number };
  /** Number of negative eigenvalues; estimated, with its standard error, where matrix-free. */
  negative: { value: number; error: number };
  /** max(−λ_min, ridge): what is smaller in size is noise of an indefinite Hessian, or the ridge. */
  noiseFloor: number;
  /** Top eigenvalues before the largest ratio of neighbours, both no smaller than the noise floor. */
  outliers: { count: number; ratio: number };
  layers?: readonly LayerSpectrum[];
}

export interface LayerSpectrum {
  name: string;
  size: number;
  /** All eigenvalues of the block, or the top and bottom ones of a block of more than 1500 parameters. */
  values: Float64Array;
  complete: boolean;
}

const largestFull = 1500;

/**
 * The spectrum of a curvature: both ends with eigenvectors, density, trace, negative part, noise floor and outliers
 * (Sabanayagam et al. 2023 relate their number to the classes and the complexity of the decision boundary).
 */
export async function curvatureSpectrum(
  operator: CurvatureOperator,
  options: SpectrumOptions,
): Promise<CurvatureSpectrum> {
  const { ridge, task = quietTask, seed = 0 } = options;
  const d = operator.size;
  const top = Math.min(d, options.top ?? 10);
  const bottom = Math.min(d, options.bottom ?? 5);
  if (!(ridge >= 0)) throw new UserError(`curvatureSpectrum: ridge ${ridge}; expected a number ≥ 0`);
  const method = options.method ?? (d <= largestFull ? "full" : "matrix-free");
  const stream = random(seed, "spectrum");
  const parts =
    method === "full"
      ? await fullSpectrum(operator, top, bottom)
      : await matrixFreeSpectrum(operator, { ...options, top, bottom, stream, task });
  const { quadrature } = parts;
  const least = parts.bottom.values.at(-1)!;
  const most = parts.top.values[0]!;
  const noiseFloor = Math.max(-least, ridge);
  const result: CurvatureSpectrum = {
    method,
    size: d,
    ...parts,
    density: densityOver(quadrature, least, most, options),
    squares: quadratureTrace(quadrature, (x) => x * x),
    negative: countNegative(quadrature, 1e-12 * Math.max(most, -least)),
    noiseFloor,
    outliers: countOutliers(parts.top.values, noiseFloor),
  };
  if (!options.groups) return result;
  const layers: LayerSpectrum[] = [];
  const whole = method === "full" ? await operator.dense() : undefined;
  for (const [g, group] of options.groups.entries()) {
    task.check();
    layers.push(await layerSpectrum(operator, group, { whole, top, bottom, stream, task }));
    task.report((g + 1) / options.groups.length, `spectrum of ${group.name}`);
  }
  return { ...result, layers };
}

/**
 * The number m of leading eigenvalues with the largest ratio λ_m/λ_(m+1), where what lies below the noise floor counts
 * as the floor; 0 where none is above it. @param values largest first.
 */
export function countOutliers(
  values: ArrayLike<number>,
  noiseFloor: number,
): { count: number; ratio: number } {
  let best = { count: 0, ratio: 1 };
  for (let m = 1; m < Math.max(2, values.length) && values[m - 1]! > noiseFloor; m++) {
    const below = Math.max(noiseFloor, values[m] ?? noiseFloor);
    const ratio = below > 0 ? values[m - 1]! / below : Number.POSITIVE_INFINITY;
    if (ratio > best.ratio) best = { count: m, ratio };
  }
  return best;
}

type Parts = Pick<CurvatureSpectrum, "top" | "bottom" | "quadrature" | "trace"> & { values?: Float64Array };

async function fullSpectrum(operator: CurvatureOperator, top: number, bottom: number): Promise<Parts> {
  const { values, vectors } = eigenSymmetric(await operator.dense());
  const d = operator.size;
  const quadrature = exactQuadrature(values);
  return {
    values,
    top: { values: values.slice(0, top), vectors: matrix(top, d, vectors.data.slice(0, top * d)) },
    bottom: {
      values: values.slice(d - bottom),
      vectors: matrix(bottom, d, vectors.data.slice((d - bottom) * d)),
    },
    quadrature,
    trace: quadratureTrace(quadrature, (x) => x),
  };
}

async function matrixFreeSpectrum(
  operator: CurvatureOperator,
  options: SpectrumOptions & { top: number; bottom: number; stream: Random; task: Task },
): Promise<Parts> {
  const { top, bottom, stream, task, traceProducts = 90, probes = 8, steps = 60 } = options;
  const end = (count: number, which: "top" | "bottom", from: number, to: number) =>
    lanczos(operator, {
      count,
      which,
      random: stream.fork(which),
      tolerance: 1e-8,
      task: task.part(from, to),
    });
  const upper = await end(top, "top", 0, 0.3);
  const lower = await end(bottom, "bottom", 0.3, 0.6);
  const quadrature = await spectralQuadrature(operator, {
    random: stream.fork("density"),
    probes,
    steps,
    task: task.part(0.6, 0.9),
  });
  const trace = await hutchPlusPlus(operator, {
    random: stream.fork("trace"),
    products: traceProducts,
    task: task.part(0.9, 1),
  });
  return {
    top: { values: upper.values, vectors: upper.vectors },
    bottom: { values: lower.values, vectors: lower.vectors },
    quadrature,
    trace: { value: trace.value, error: trace.error },
  };
}

/** Eigenvalues below −`rounding`: a count of a full spectrum, else an estimate. */
function countNegative(quadrature: SpectralQuadrature, rounding: number): { value: number; error: number } {
  const { value, error } = quadratureTrace(quadrature, (x) => (x < -rounding ? 1 : 0));
  return { value: error === 0 ? Math.round(value) : value, error };
}

function densityOver(quadrature: SpectralQuadrature, least: number, most: number, options: SpectrumOptions) {
  const range = most - least || Math.abs(most) || 1;
  const { grid = 400, width = range / 100 } = options;
  const points =
    typeof grid === "number"
      ? Float64Array.from(
          { length: grid },
          (_, i) => least - 4 * width + ((range + 8 * width) * i) / Math.max(1, grid - 1),
        )
      : grid;
  return { grid: points, ...spectralDensity(quadrature, { grid: points, width }), width };
}

async function layerSpectrum(
  operator: CurvatureOperator,
  { name, index }: ParameterGroup,
  options: { whole: Matrix | undefined; top: number; bottom: number; stream: Random; task: Task },
): Promise<LayerSpectrum> {
  const size = index.length;
  const { whole, stream, task } = options;
  if (size <= largestFull) {
    const { values } = eigenSymmetric(await blockOf(operator, index, whole));
    return { name, size, values, complete: true };
  }
  const block = {
    size,
    async multiply(rows: Matrix) {
      const wide = matrix(rows.rows, operator.size);
      scatterColumns(wide, rows, index);
      return gatherColumns(await operator.multiply(wide), index);
    },
  };
  const both = { random: stream.fork("layer", name), tolerance: 1e-8, task };
  const upper = await lanczos(block, { count: options.top, which: "top", ...both });
  const lower = await lanczos(block, { count: options.bottom, which: "bottom", ...both });
  return { name, size, values: Float64Array.of(...upper.values, ...lower.values), complete: false };
}
