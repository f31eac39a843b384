import { UserError } from "../../../core/errors.ts";
import { random } from "../../../core/random.ts";
import type { Task } from "../../../core/task.ts";
import { lanczos } from "../../../linalg/lanczos.ts";
import type { Matrix } from "../../../linalg/matrix.ts";
import { product } from "../../../linalg/products.ts";
import { symmetrise } from "../../../linalg/symmetric.ts";
import type { CurvatureOperator } from "../operator.ts";
import { lazy } from "./lazy.ts";
import { requireDamping, requireWidth, unitRows } from "./matrix-operator.ts";
import { defaultMemoryLimit, denseBytes, requireMemory } from "./memory.ts";

export interface LowRankOptions {
  /** Eigenpairs kept; default 50, at most d. */
  rank?: number;
  /** Largest eigenvalues ("top", default) or largest |λ|. */
  which?: "top" | "magnitude";
  /** What the rest of the space gets as its eigenvalue: the ridge. */
  ridge: number;
  /** Of Lanczos, relative to the norm; default 1e-8. */
  tolerance?: number;
  /** Of the Lanczos start; default 0. */
  seed?: number;
  memoryLimit?: number;
  task?: Task;
}

/**
 * The k leading eigenpairs of a curvature, by Lanczos, and the ridge on all that is left:
 * B = Σ (λ_k − ridge) u_k u_kᵀ + ridge·1. Memory k·d.
 */
export function lowRank(source: CurvatureOperator, options: LowRankOptions): CurvatureOperator {
  const {
    which = "top",
    ridge,
    tolerance = 1e-8,
    seed = 0,
    memoryLimit = defaultMemoryLimit(),
    task,
  } = options;
  const d = source.size;
  const rank = Math.min(d, options.rank ?? 50);
  if (!Number.isInteger(rank) || rank < 1)
    throw new UserError(`low rank: rank ${rank}; expected a whole number ≥ 1`);
  const name = `${source.name}, rank ${rank}`;
  const pairs = lazy(() =>
    lanczos(source, {
      count: rank,
      which,
      random: random(seed, "low rank"),
      tolerance,
      ...(task ? { task } : {}),
    }),
  );
  /** Applies f(λ) on the pairs and f(ridge) on the rest. */
  const spectral = async (rows: Matrix, f: (value: number) => number) => {
    requireWidth(name, rows, d);
    const { values, vectors } = await pairs();
    const rest = f(ridge);
    const along = await product(rows, vectors, { transposeB: true });
    for (let k = 0; k < along.data.length; k++) along.data[k]! *= f(values[k % rank]!) - rest;
    const out = await product(along, vectors);
    for (let k = 0; k < out.data.length; k++) out.data[k]! += rest * rows.data[k]!;
    return out;
  };
  return {
    name,
    size: d,
    semidefinite: source.semidefinite,
    multiply: (vectors) => spectral(vectors, (value) => value),
    async dense() {
      requireMemory({
        what: `${name}: a dense ${d}×${d} matrix`,
        bytes: denseBytes(d),
        limit: memoryLimit,
        instead: "use its products",
      });
      return symmetrise(await spectral(unitRows(0, d, d), (value) => value));
    },
    async solver({ damping }) {
      requireDamping(name, damping);
      const { values } = await pairs();
      const least = values.reduce((worst, v) => Math.min(worst, Math.abs(v + damping)), ridge + damping);
      if (!(least > 0)) {
        throw new UserError(
          `${name}: with damping ${damping} the space outside the ${rank} eigenvectors (or one of them) has curvature ${least}, which cannot be inverted; add damping or a ridge`,
        );
      }
      const negative = values.filter((value) => value + damping < 0).length;
      const warnings = [
        `the space outside ${rank} of ${d} eigenvectors has the ridge ${ridge} as its curvature`,
      ];
      if (negative > 0)
        warnings.push(`${negative} of the kept eigenvalues are negative with damping ${damping}`);
      return {
        method: "low rank",
        damping,
        negative,
        warnings,
        solve: (right) => spectral(right, (value) => 1 / (value + damping)),
      };
    },
  };
}
