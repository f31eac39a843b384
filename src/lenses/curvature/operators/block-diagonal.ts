import { UserError } from "../../../core/errors.ts";
import { type Matrix, matrix } from "../../../linalg/matrix.ts";
import { product } from "../../../linalg/products.ts";
import { symmetrise } from "../../../linalg/symmetric.ts";
import type { ParameterBlock } from "../../../models/objective/contract.ts";
import type { CurvatureOperator, CurvatureSolver } from "../operator.ts";
import { gatherColumns, scatterColumns } from "./embedded.ts";
import { lazy } from "./lazy.ts";
import { type MatrixSolverOptions, matrixSolver, requireWidth } from "./matrix-operator.ts";
import { defaultMemoryLimit, denseBytes, requireMemory } from "./memory.ts";

/** Parameters that share a block, by their indices in θ. */
export interface ParameterGroup {
  name: string;
  index: Int32Array;
}

/**
 * The parameters by layer (weight and bias together) or by block (each apart), in the order of their first appearance.
 * @throws UserError where the blocks leave a parameter of θ out or name one twice.
 */
export function parameterGroups(
  blocks: readonly ParameterBlock[],
  size: number,
  by: "layer" | "block" = "layer",
): ParameterGroup[] {
  const groups = new Map<string, number[]>();
  const seen = new Uint8Array(size);
  for (const block of blocks) {
    const key = by === "layer" ? block.layer : block.name;
    const indices = groups.get(key) ?? [];
    for (let i = block.from; i < block.to; i++) {
      if (i < 0 || i >= size || seen[i]) {
        throw new UserError(
          `parameterGroups: block '${block.name}' claims parameter ${i} of ${size} a second time or beyond the end`,
        );
      }
      seen[i] = 1;
      indices.push(i);
    }
    groups.set(key, indices);
  }
  const free = seen.indexOf(0);
  if (free >= 0) throw new UserError(`parameterGroups: parameter ${free} of ${size} is in no block`);
  return Array.from(groups, ([name, index]) => ({ name, index: Int32Array.from(index) }));
}

/**
 * The diagonal blocks of a curvature, all between different groups set to 0. The blocks are cut from the dense matrix
 * where that fits the memory, else computed by products with unit vectors, d in all.
 */
export function blockDiagonal(
  source: CurvatureOperator,
  groups: readonly ParameterGroup[],
  options: MatrixSolverOptions & { memoryLimit?: number } = {},
): CurvatureOperator {
  const { memoryLimit = defaultMemoryLimit() } = options;
  const d = source.size;
  const name = `${source.name}, block-diagonal`;
  const blocks = lazy(async () => {
    requireMemory({
      what: `${name}: ${groups.length} dense blocks`,
      bytes: groups.reduce((sum, { index }) => sum + denseBytes(index.length, 2), 0),
      limit: memoryLimit,
      instead: "use KFAC or the matrix-free operator",
    });
    const whole = denseBytes(d) <= memoryLimit / 2 ? await source.dense() : undefined;
    const out: Matrix[] = [];
    for (const { index } of groups) out.push(await blockOf(source, index, whole));
    return out;
  });
  const byGroup = async (vectors: Matrix, apply: (part: Matrix, g: number) => Promise<Matrix>) => {
    requireWidth(name, vectors, d);
    const out = matrix(vectors.rows, d);
    for (const [g, { index }] of groups.entries()) {
      scatterColumns(out, await apply(gatherColumns(vectors, index), g), index);
    }
    return out;
  };
  return {
    name,
    size: d,
    semidefinite: source.semidefinite,
    multiply: async (vectors) => {
      const all = await blocks();
      return byGroup(vectors, (part, g) => product(part, all[g]!));
    },
    async dense() {
      requireMemory({
        what: `${name}: a dense ${d}×${d} matrix`,
        bytes: denseBytes(d),
        limit: memoryLimit,
        instead: "use its products",
      });
      const out = matrix(d, d);
      for (const [g, block] of (await blocks()).entries()) {
        const { index } = groups[g]!;
        for (const [i, row] of index.entries()) {
          for (const [j, col] of index.entries()) out.data[row * d + col] = block.data[i * index.length + j]!;
        }
      }
      return out;
    },
    async solver({ damping, task }) {
      const all = await blocks();
      const solvers: CurvatureSolver[] = [];
      for (const [g, block] of all.entries()) {
        solvers.push(
          await matrixSolver(block, {
            ...options,
            name: `${source.name}, block '${groups[g]!.name}'`,
            damping,
            ...(task ? { task } : {}),
          }),
        );
      }
      return {
        method: solvers.find(({ method }) => method !== "cholesky")?.method ?? "cholesky",
        damping,
        warnings: solvers.flatMap(({ warnings }) => warnings),
        solve: (right) => byGroup(right, (part, g) => solvers[g]!.solve(part)),
      };
    },
  };
}

/** The block of `source` on the parameters `index`, cut from `whole` or computed by products with unit vectors. */
export async function blockOf(source: CurvatureOperator, index: Int32Array, whole?: Matrix): Promise<Matrix> {
  const size = index.length;
  const d = source.size;
  const out = matrix(size, size);
  const batch = whole ? size : Math.max(1, Math.min(64, Math.floor(2 ** 26 / (8 * d))));
  for (let from = 0; from < size; from += batch) {
    const to = Math.min(size, from + batch);
    if (whole) {
      for (let i = from; i < to; i++) {
        for (let j = 0; j < size; j++) out.data[i * size + j] = whole.data[index[i]! * d + index[j]!]!;
      }
      continue;
    }
    const units = matrix(to - from, d);
    for (let i = from; i < to; i++) units.data[(i - from) * d + index[i]!] = 1;
    out.data.set(gatherColumns(await source.multiply(units), index).data, from * size);
  }
  return whole ? out : symmetrise(out);
}
