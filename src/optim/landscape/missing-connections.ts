import { componentsOf } from "./components.ts";
import { globalMinimum, type Network } from "./network.ts";

export interface MissingOptions {
  /** Weight of a pair at aligned distance D; default exp(D) − 1 where D ≤ 50, else its continuation. */
  weight?: (distance: number) => number;
  /** Tries of a pair before it is closed; default 1. */
  maxAttempts?: number;
}

/**
 * The pairs of minima to try next so that everything comes to hang together: for each component the cheapest path from
 * the global minimum over the complete graph of minima, where a pair joined by a transition state costs nothing, a pair
 * tried `maxAttempts` times is closed and any other costs `weight` of its aligned distance; all costly pairs on these
 * paths, in the order of the components. Dijkstra's algorithm; the missing connections of Carr, Trygubenko & Wales, J.
 * Chem. Phys. 122, 234903 (2005).
 * @returns the pairs, and the components (by their smallest number) that no open path reaches.
 */
export function missingConnections(
  network: Network,
  distance: (a: number, b: number) => number,
  options: MissingOptions = {},
): { pairs: [number, number][]; unreachable: number[] } {
  const { maxAttempts = 1, weight = defaultWeight } = options;
  const count = network.minima.length;
  if (count < 2) return { pairs: [], unreachable: [] };
  const component = componentsOf(
    count,
    network.saddles.map((saddle) => saddle.minima),
  );
  const closed = new Set(
    network.pairs.filter(({ attempts }) => attempts >= maxAttempts).map(({ pair: [a, b] }) => a * count + b),
  );
  const from = globalMinimum(network);
  const cost = new Float64Array(count).fill(Infinity);
  const previous = new Int32Array(count).fill(-1);
  const done = new Uint8Array(count);
  cost[from] = 0;
  for (;;) {
    let at = -1;
    for (let i = 0; i < count; i++) if (!done[i] && (at < 0 || cost[i]! < cost[at]!)) at = i;
    if (at < 0 || cost[at] === Infinity) break;
    done[at] = 1;
    for (let i = 0; i < count; i++) {
      if (done[i]) continue;
      // Within a component the connected path costs nothing, whatever its length.
      const inside = component[i] === component[at];
      if (!inside && closed.has(Math.min(i, at) * count + Math.max(i, at))) continue;
      const total = cost[at]! + (inside ? 0 : weight(distance(at, i)));
      if (total < cost[i]!) {
        cost[i] = total;
        previous[i] = at;
      }
    }
  }
  const pairs: [number, number][] = [];
  const chosen = new Set<number>();
  const unreachable: number[] = [];
  for (let root = 0; root < count; root++) {
    if (component[root] !== root || component[from] === root) continue;
    if (cost[root] === Infinity) {
      unreachable.push(root);
      continue;
    }
    for (let at = root; previous[at]! >= 0; at = previous[at]!) {
      const other = previous[at]!;
      if (component[other] === component[at]) continue;
      const pair: [number, number] = [Math.min(at, other), Math.max(at, other)];
      const key = pair[0] * count + pair[1];
      if (!chosen.has(key)) pairs.push(pair);
      chosen.add(key);
    }
  }
  return { pairs, unreachable };
}

/** exp(D) − 1 prefers many short steps to a long one; beyond 50 it goes on as a straight line, so that it stays finite. */
function defaultWeight(d: number): number {
  return d <= 50 ? Math.expm1(d) : Math.expm1(50) * (d - 49);
}
