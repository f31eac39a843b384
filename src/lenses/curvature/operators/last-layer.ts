import { UserError } from "../../../core/errors.ts";
import { matrix } from "../../../linalg/matrix.ts";
import type { Objective } from "../../../models/objective/contract.ts";
import type { CurvatureOperator } from "../operator.ts";
import { requireObjective } from "./batches.ts";
import { parameterGroups } from "./block-diagonal.ts";
import { gatherColumns, scatterColumns } from "./embedded.ts";
import { curvatureOfOutputs } from "./gauss-newton.ts";
import { requireWidth } from "./matrix-operator.ts";
import { defaultMemoryLimit, denseBytes, requireMemory } from "./memory.ts";
import type { OuterProductOptions } from "./outer-products.ts";

/**
 * The Gauss–Newton matrix of one layer, by default the last, all other parameters taken as frozen: what last-layer
 * prediction rigidities (Bigi, Chong, Ceriotti & Grasselli 2024) and last-layer Laplace use. For a last layer that is
 * linear it is the exact Hessian's block. B is 0 outside of the layer, and so is a solution: the damping applies
 * within the layer only.
 */
export function lastLayer(
  objective: Objective,
  parameters: Float64Array,
  options: OuterProductOptions & { layer?: string } = {},
): CurvatureOperator {
  const { memoryLimit = defaultMemoryLimit() } = options;
  requireObjective("last layer", objective, parameters);
  const d = objective.size;
  const groups = parameterGroups(objective.blocks, d);
  const layer = options.layer ?? objective.blocks.at(-1)?.layer;
  const group = groups.find(({ name }) => name === layer);
  if (!group) {
    throw new UserError(
      `last layer: ${objective.name} has no layer '${layer}'; it has ${groups.map(({ name }) => name).join(", ")}`,
    );
  }
  const { index } = group;
  const name = `Gauss–Newton of layer '${group.name}'`;
  const inner = curvatureOfOutputs(
    name,
    objective,
    parameters,
    { ...options, only: index },
    (outputs, samples) => objective.loss.curvatures(outputs, samples.targets),
  );
  return {
    name,
    size: d,
    semidefinite: true,
    async multiply(vectors) {
      requireWidth(name, vectors, d);
      const out = matrix(vectors.rows, d);
      scatterColumns(out, await inner.multiply(gatherColumns(vectors, index)), index);
      return out;
    },
    async dense() {
      requireMemory({
        what: `${name} within ${d} parameters: a dense ${d}×${d} matrix`,
        bytes: denseBytes(d),
        limit: memoryLimit,
        instead: "use its products",
      });
      const block = await inner.dense();
      const out = matrix(d, d);
      for (const [i, row] of index.entries()) {
        for (const [j, col] of index.entries()) out.data[row * d + col] = block.data[i * index.length + j]!;
      }
      return out;
    },
    async solver(given) {
      const solver = await inner.solver(given);
      return {
        ...solver,
        warnings: [
          ...solver.warnings,
          `only the ${index.length} parameters of layer '${group.name}' move, the other ${d - index.length} are held fixed`,
        ],
        async solve(right) {
          requireWidth(name, right, d);
          const out = matrix(right.rows, d);
          scatterColumns(out, await solver.solve(gatherColumns(right, index)), index);
          return out;
        },
      };
    },
  };
}
