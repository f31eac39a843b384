import { UserError } from "../../../core/errors.ts";
import { quietTask, type Task } from "../../../core/task.ts";
import { type Matrix, matrix } from "../../../linalg/matrix.ts";
import { addGram, mirrorLower, product } from "../../../linalg/products.ts";
import { symmetrise } from "../../../linalg/symmetric.ts";
import type { LayerFactors, Objective } from "../../../models/objective/contract.ts";
import type { CurvatureOperator } from "../operator.ts";
import { requireObjective, sliceSamples } from "./batches.ts";
import { applyKronecker, type KroneckerLayer, kroneckerLayer } from "./kronecker.ts";
import { lazy } from "./lazy.ts";
import { requireDamping, requireWidth, unitRows } from "./matrix-operator.ts";
import { defaultMemoryLimit, denseBytes, requireMemory } from "./memory.ts";
import { squareRootRows } from "./square-root.ts";

export interface KfacOptions {
  /**
   * How a map that is applied at T positions (a convolution) is treated. "expand" (default): every position counts as
   * a sample of its own, A = (1/n) Σ a aᵀ over samples and positions, G the mean of s sᵀ over both (KFC, Grosse &
   * Martens 2016). "reduce": inputs are averaged and slopes summed over positions first (Eschenhagen et al. 2023).
   */
  positions?: "expand" | "reduce";
  /** Samples whose factors are computed at once; default 64. */
  batch?: number;
  memoryLimit?: number;
  task?: Task;
}

/**
 * KFAC (Martens & Grosse 2015) of the Gauss–Newton matrix: for every linear map G⊗A + ridge·1, with A = (1/n) Σ aaᵀ of
 * its inputs (a 1 for the bias) and G the mean of (∂f/∂s)ᵀ S (∂f/∂s) over its outputs s; 0 between maps. No factor 2
 * and no sampled labels. Exact for one sample, and for linear networks with squared error. Ridge and damping are added
 * exactly, in the eigenbasis, not split over the factors.
 */
export function kfac(
  objective: Objective,
  parameters: Float64Array,
  options: KfacOptions = {},
): CurvatureOperator {
  return kroneckerOperator("KFAC", objective, parameters, options, () =>
    layersOf(objective, parameters, options),
  );
}

/**
 * EK-FAC (George et al. 2018): KFAC's eigenvectors with the second moments of the per-sample curvature along them,
 * which makes it the best approximation to each map's Gauss–Newton block that is diagonal in that basis.
 */
export function ekfac(
  objective: Objective,
  parameters: Float64Array,
  options: KfacOptions = {},
): CurvatureOperator {
  return kroneckerOperator("EK-FAC", objective, parameters, options, async () => {
    const layers = await layersOf(objective, parameters, options);
    const moments = layers.map(({ moments: m }) => matrix(m.rows, m.cols));
    await eachFactors(objective, parameters, options, async (factors, slopes, samples) => {
      for (const [l, layer] of layers.entries()) {
        await addMoments(moments[l]!, layer, factors[l]!, slopes[l]!, samples, objective.train.count);
      }
    });
    return layers.map((layer, l) => ({ ...layer, moments: moments[l]! }));
  });
}

function kroneckerOperator(
  kind: string,
  objective: Objective,
  parameters: Float64Array,
  options: KfacOptions,
  make: () => Promise<KroneckerLayer[]>,
): CurvatureOperator {
  const { positions = "expand", memoryLimit = defaultMemoryLimit() } = options;
  const { size: d, ridge } = objective;
  const name = positions === "expand" ? kind : `${kind}, positions reduced`;
  requireObjective(name, objective, parameters);
  if (!objective.layerFactors) {
    throw new UserError(
      `${name}: ${objective.name} does not offer the factors of its linear layers; use Gauss–Newton, a low rank or the last layer`,
    );
  }
  const layers = lazy(async () => {
    const made = await make();
    const seen = new Uint8Array(d);
    for (const { layer, index } of made) {
      for (const i of index) {
        if (seen[i])
          throw new UserError(
            `${name}: parameter ${i} is in layer '${layer}' and in an earlier one; KFAC needs them apart`,
          );
        seen[i] = 1;
      }
    }
    return { made, uncovered: d - seen.reduce((sum, v) => sum + v, 0) };
  });
  const apply = async (vectors: Matrix, f: (moment: number) => number) => {
    requireWidth(name, vectors, d);
    const { made } = await layers();
    const out = matrix(
      vectors.rows,
      d,
      vectors.data.map((v) => v * f(0)),
    );
    for (const layer of made) await applyKronecker(layer, vectors, out, f);
    return out;
  };
  return {
    name,
    size: d,
    semidefinite: true,
    multiply: (vectors) => apply(vectors, (moment) => moment + ridge),
    async dense() {
      requireMemory({
        what: `${name}: a dense ${d}×${d} matrix`,
        bytes: denseBytes(d),
        limit: memoryLimit,
        instead: "use its products",
      });
      return symmetrise(await apply(unitRows(0, d, d), (moment) => moment + ridge));
    },
    async solver({ damping }) {
      requireDamping(name, damping);
      if (!(ridge + damping > 0)) {
        throw new UserError(
          `${name}: ridge + damping is ${ridge + damping}, so it cannot be inverted; add damping`,
        );
      }
      const { uncovered } = await layers();
      return {
        method: "kronecker",
        damping,
        warnings:
          uncovered > 0
            ? [`${uncovered} of ${d} parameters are in no linear layer: only the ridge curves them`]
            : [],
        solve: (right) => apply(right, (moment) => 1 / (moment + ridge + damping)),
      };
    },
  };
}

/** The Kronecker factors of every linear map and their eigenvectors. */
async function layersOf(
  objective: Objective,
  parameters: Float64Array,
  options: KfacOptions,
): Promise<KroneckerLayer[]> {
  const n = objective.train.count;
  const { positions = "expand" } = options;
  const sums: { layer: string; a: Matrix; g: Matrix; index: Int32Array }[] = [];
  await eachFactors(objective, parameters, options, async (factors, slopes, samples) => {
    for (const [l, { layer, inputs, positions: t, index }] of factors.entries()) {
      const { rows } = slopes[l]!;
      const reduced = positions === "reduce" && t > 1;
      sums[l] ??= { layer, a: matrix(inputs.cols, inputs.cols), g: matrix(rows.cols, rows.cols), index };
      const a = reduced ? sumPositions(inputs, samples, t, 1 / t) : inputs;
      const s = reduced ? sumPositions(rows, rows.rows / t, t, 1) : rows;
      await addGram(sums[l]!.a, scaled(a, 1 / Math.sqrt(n)), "columns");
      await addGram(sums[l]!.g, scaled(s, 1 / Math.sqrt(reduced ? n : n * t)), "columns");
    }
  });
  return sums.map(({ layer, a, g, index }) => {
    mirrorLower(a);
    mirrorLower(g);
    return kroneckerLayer(layer, g, a, index);
  });
}

/**
 * Slopes of a batch multiplied by the square root of the loss's curvature: Σ over `rows` of s sᵀ at one sample and
 * position is (∂f/∂s)ᵀ S (∂f/∂s). Row (i, r, p) with `counts[i]` square-root rows r for sample i, positions innermost.
 */
interface RootSlopes {
  rows: Matrix;
  counts: Int32Array;
}

async function eachFactors(
  objective: Objective,
  parameters: Float64Array,
  options: KfacOptions,
  use: (factors: readonly LayerFactors[], slopes: readonly RootSlopes[], samples: number) => Promise<void>,
): Promise<void> {
  const { train, outputs: c, loss } = objective;
  const { batch = 64, task = quietTask } = options;
  for (let from = 0; from < train.count; from += batch) {
    task.check();
    const samples = sliceSamples(train, from, Math.min(train.count, from + batch));
    const factors = await objective.layerFactors!(parameters, samples);
    const s = loss.curvatures(await objective.evaluate(parameters, samples), samples.targets);
    const roots = Array.from({ length: samples.count }, (_, i) =>
      squareRootRows(s.data.slice(i * c * c, (i + 1) * c * c), c, "KFAC"),
    );
    await use(
      factors,
      factors.map((layer) => rootSlopes(layer, roots, c)),
      samples.count,
    );
    task.report(from / train.count, "Kronecker factors");
  }
}

function rootSlopes(layer: LayerFactors, roots: readonly Float64Array[][], c: number): RootSlopes {
  const { positions: t, outputSlopes: slopes } = layer;
  const m = slopes.cols;
  const counts = Int32Array.from(roots, (rows) => rows.length);
  const rows = matrix(t * counts.reduce((sum, n) => sum + n, 0), m);
  let to = 0;
  for (const [i, mixing] of roots.entries()) {
    for (const root of mixing) {
      for (let p = 0; p < t; p++, to += m) {
        for (let k = 0; k < c; k++) {
          const weight = root[k]!;
          const from = ((i * t + p) * c + k) * m;
          if (weight !== 0) for (let j = 0; j < m; j++) rows.data[to + j]! += weight * slopes.data[from + j]!;
        }
      }
    }
  }
  return { rows, counts };
}

/** Adds (1/n) Σ over square-root rows of (Σ_p (u·s_p)(v·a_p))² along every pair of eigenvectors. */
async function addMoments(
  out: Matrix,
  layer: KroneckerLayer,
  factors: LayerFactors,
  slopes: RootSlopes,
  samples: number,
  n: number,
): Promise<void> {
  const { positions: t, inputs } = factors;
  const [units, fan] = [layer.outputBasis.rows, layer.inputBasis.rows];
  const u = await product(slopes.rows, layer.outputBasis, { transposeB: true });
  const v = await product(inputs, layer.inputBasis, { transposeB: true });
  const sum = new Float64Array(units * fan);
  let row = 0;
  for (let i = 0; i < samples; i++) {
    for (let r = 0; r < slopes.counts[i]!; r++, row += t) {
      sum.fill(0);
      for (let p = 0; p < t; p++) {
        for (let a = 0; a < units; a++) {
          const s = u.data[(row + p) * units + a]!;
          const from = (i * t + p) * fan;
          if (s !== 0) for (let b = 0; b < fan; b++) sum[a * fan + b]! += s * v.data[from + b]!;
        }
      }
      for (let k = 0; k < sum.length; k++) out.data[k]! += sum[k]! ** 2 / n;
    }
  }
}

/** Sums groups of t consecutive rows, times `scale`. */
function sumPositions(rows: Matrix, groups: number, t: number, scale: number): Matrix {
  const out = matrix(groups, rows.cols);
  for (let i = 0; i < groups; i++) {
    for (let p = 0; p < t; p++) {
      const from = (i * t + p) * rows.cols;
      for (let j = 0; j < rows.cols; j++) out.data[i * rows.cols + j]! += scale * rows.data[from + j]!;
    }
  }
  return out;
}

function scaled(a: Matrix, scale: number): Matrix {
  return matrix(
    a.rows,
    a.cols,
    a.data.map((v) => scale * v),
  );
}
