import { demand, UserError } from "../../core/errors.ts";
import type { StationaryPoint } from "./certify.ts";
import { type AnyLandscape, aligned } from "./landscape.ts";
import type { Triple } from "./transition-state.ts";

/** A certified minimum of a network; its place in the list is its number. */
export interface NetworkMinimum extends Omit<StationaryPoint, "index"> {
  /** Symmetry operations that leave it where it is: the point-group order. */
  order: number;
  /** How often each basin-hopping walker quenched to it, in the order of the walkers. */
  seen: { walker: string; hits: number }[];
}

/** A certified transition state and the numbers of the two minima it joins, which may be one and the same. */
export interface NetworkSaddle extends Omit<StationaryPoint, "index"> {
  order: number;
  /** Unit vector of the negative eigenvalue. */
  vector: Float64Array;
  minima: [number, number];
}

/** How often a pair of minima was tried. */
export interface PairAttempts {
  pair: [number, number];
  attempts: number;
}

/** When two points are one: |ΔV| ≤ `value` and, after alignment, a distance of at most `distance`. */
export interface SameTolerance {
  value: number;
  /** Infinity tells points apart by value only. */
  distance: number;
}

/**
 * A kinetic transition network: stationary points that are never changed or removed, and a record of the work that
 * found them, so that it can be continued and merged. A multigraph: several saddles may join one pair.
 */
export interface Network {
  landscape: string;
  n: number;
  same: SameTolerance;
  minima: NetworkMinimum[];
  saddles: NetworkSaddle[];
  /** Pairs that were tried with a band. */
  pairs: PairAttempts[];
  /** Single-ended searches made from each minimum. */
  searches: number[];
  /** Softest modes of each minimum that were followed uphill, both ways. */
  modes: number[];
  /** Walkers that have run, by name. */
  walkers: string[];
}

/** A network without any points. Default tolerances: 1e-6 in the value, 0.05 in the distance. */
export function emptyNetwork(landscape: AnyLandscape, same: Partial<SameTolerance> = {}): Network {
  const usual =
    landscape.symmetry?.findsCopies === false
      ? { value: 1e-8, distance: Infinity }
      : { value: 1e-6, distance: 0.05 };
  return {
    ...{ landscape: landscape.name, n: landscape.n, same: { ...usual, ...same } },
    ...{ minima: [], saddles: [], pairs: [], searches: [], modes: [], walkers: [] },
  };
}

/**
 * The number of the minimum that `point` is, added if it is new; of several that are close in value the nearest in value
 * that is also near in distance. @throws UserError for a point of another landscape or index.
 */
export function addMinimum(network: Network, landscape: AnyLandscape, point: StationaryPoint): number {
  fits(network, landscape, point.x);
  demand(point.index === 0, () => `addMinimum: a point of index ${point.index}; expected a minimum`);
  const known = findSame(network.minima, network.same, landscape, point);
  if (known >= 0) return known;
  const { index: _, ...rest } = point;
  network.minima.push({ ...rest, order: landscape.symmetry?.order(point.x) ?? 1, seen: [] });
  network.searches.push(0);
  network.modes.push(0);
  return network.minima.length - 1;
}

/** Adds a transition state and its two minima where they are new. @returns the number of the transition state. */
export function addTriple(network: Network, landscape: AnyLandscape, triple: Triple): number {
  fits(network, landscape, triple.saddle.x);
  const minima = triple.sides.map((side) => addMinimum(network, landscape, side)) as [number, number];
  const known = findSame(network.saddles, network.same, landscape, triple.saddle);
  if (known >= 0) return known;
  const { index: _, ...rest } = triple.saddle;
  const order = landscape.symmetry?.order(rest.x) ?? 1;
  network.saddles.push({ ...rest, order, vector: triple.vector, minima: ordered(...minima) });
  return network.saddles.length - 1;
}

/** Records one more try of a pair of minima. */
export function recordAttempt(network: Network, a: number, b: number, attempts = 1): void {
  const pair = ordered(a, b);
  const known = network.pairs.find((one) => one.pair[0] === pair[0] && one.pair[1] === pair[1]);
  if (known) known.attempts += attempts;
  else network.pairs.push({ pair, attempts });
}

/** Adds `hits` quenches of `walker` to minimum `id`. */
export function recordSightings(network: Network, id: number, walker: string, hits: number): void {
  const { seen } = network.minima[id]!;
  const known = seen.find((one) => one.walker === walker);
  if (known) known.hits += hits;
  else seen.push({ walker, hits });
}

/**
 * Adds everything of `from` to `network`, points in the order of their numbers. Walkers of the same name have to have
 * been the same walkers: what they saw is not counted twice. @throws UserError for networks of two landscapes.
 */
export function mergeNetworks(network: Network, landscape: AnyLandscape, from: Network): void {
  if (from.landscape !== network.landscape || from.n !== network.n) {
    throw new UserError(
      `mergeNetworks: a network of ${from.landscape} (${from.n} coordinates) and one of ${network.landscape} (${network.n}); merge networks of one landscape`,
    );
  }
  const known = new Set(network.walkers);
  const number = from.minima.map(({ order: _, seen, ...point }, id) => {
    const to = addMinimum(network, landscape, { ...point, index: 0 });
    for (const { walker, hits } of seen) {
      if (!known.has(walker)) recordSightings(network, to, walker, hits);
    }
    network.searches[to] = Math.max(network.searches[to]!, from.searches[id]!);
    network.modes[to] = Math.max(network.modes[to]!, from.modes[id]!);
    return to;
  });
  for (const { order: _, vector, minima, ...point } of from.saddles) {
    const at = findSame(network.saddles, network.same, landscape, { ...point, index: 1 });
    if (at >= 0) continue;
    const order = landscape.symmetry?.order(point.x) ?? 1;
    network.saddles.push({
      ...point,
      order,
      vector,
      minima: ordered(number[minima[0]]!, number[minima[1]]!),
    });
  }
  for (const { pair, attempts } of from.pairs)
    recordAttempt(network, number[pair[0]]!, number[pair[1]]!, attempts);
  for (const walker of from.walkers) if (!known.has(walker)) network.walkers.push(walker);
}

/** The number of the lowest minimum, of equal ones the first. @throws UserError for a network without minima. */
export function globalMinimum(network: { minima: readonly { value: number }[]; landscape?: string }): number {
  const { minima, landscape } = network;
  const of = landscape === undefined ? "" : ` of ${landscape}`;
  demand(minima.length > 0, () => `the network${of} has no minima; explore first`);
  let best = 0;
  minima.forEach(({ value }, id) => {
    if (value < minima[best]!.value) best = id;
  });
  return best;
}

function findSame(
  known: readonly { x: Float64Array; value: number }[],
  same: SameTolerance,
  landscape: AnyLandscape,
  point: StationaryPoint,
): number {
  const near = Array.from(known.keys())
    .filter((id) => Math.abs(known[id]!.value - point.value) <= same.value)
    .sort(
      (a, b) => Math.abs(known[a]!.value - point.value) - Math.abs(known[b]!.value - point.value) || a - b,
    );
  if (same.distance === Infinity) return near[0] ?? -1;
  return near.find((id) => aligned(landscape, known[id]!.x, point.x).distance <= same.distance) ?? -1;
}

function fits(network: Network, landscape: AnyLandscape, x: Float64Array): void {
  demand(
    network.landscape === landscape.name && network.n === landscape.n && x.length === network.n,
    () =>
      `a point of ${x.length} coordinates of ${landscape.name} for the network of ${network.landscape} (${network.n} coordinates)`,
  );
}

function ordered(a: number, b: number): [number, number] {
  return a <= b ? [a, b] : [b, a];
}
