import { demand } from "../../../core/errors.ts";
import { globalMinimum } from "../../../optim/landscape/network.ts";
import type { EnergyGraph } from "../network/energy-graph.ts";
import { barrierBetween, mergeTree } from "../network/merge-tree.ts";

/**
 * How much the landscape stands in the way of the global minimum g: the mean over all other minima a that hang together
 * with it of (B(a, g) − V_g)/(V_a − V_g), B the highest point of the lowest path. 1 for a perfect funnel without
 * barriers; minima as low as g are left out. NaN where no other minimum is joined to it.
 * Source: after de Souza, Stevenson, Niblett, Farrell & Wales, J. Chem. Phys. 146, 124103 (2017), without the share of g.
 * @param weights of the minima, such as their shares at a temperature; default all the same.
 */
export function frustration(graph: EnergyGraph, weights?: ArrayLike<number>): number {
  const { minima } = graph;
  demand(
    weights === undefined || weights.length === minima.length,
    () => `frustration: ${weights!.length} weights for ${minima.length} minima`,
  );
  const tree = mergeTree(graph);
  const lowest = globalMinimum(graph);
  const floor = minima[lowest]!.value;
  let [sum, total] = [0, 0];
  minima.forEach(({ value }, id) => {
    const barrier = barrierBetween(tree, id, lowest);
    if (id === lowest || barrier === Infinity || !(value > floor)) return;
    const weight = weights?.[id] ?? 1;
    sum += (weight * (barrier - floor)) / (value - floor);
    total += weight;
  });
  return total > 0 ? sum / total : Number.NaN;
}
