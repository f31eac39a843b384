import { demand, UserError } from "../../core/errors.ts";
import { quietTask, type Task } from "../../core/task.ts";
import type { HopOptions } from "./basin-hopping.ts";
import type { ConnectOptions } from "./connect-pair.ts";
import {
  type JobResult,
  type LandscapeJob,
  type LandscapeSource,
  loadLandscape,
  runLandscapeJobs,
} from "./job.ts";
import { type AnyLandscape, aligned } from "./landscape.ts";
import { missingConnections } from "./missing-connections.ts";
import {
  addMinimum,
  addTriple,
  emptyNetwork,
  type Network,
  recordAttempt,
  recordSightings,
  type SameTolerance,
} from "./network.ts";
import type { SearchFailure } from "./transition-state.ts";

export interface ExploreOptions {
  source: LandscapeSource;
  seed: number;
  /** Continued where given; changed in place. */
  network?: Network;
  /** When two points are one; of a new network. */
  same?: Partial<SameTolerance>;
  /** Basin-hopping walkers; those that the network has run already are not run again. Default 8. */
  walkers?: number;
  /** Of each walker; default 100 steps. */
  hop?: Partial<Omit<HopOptions, "onQuench">>;
  /** Single-ended searches for transition states from every minimum; default 20. */
  searches?: number;
  /** Their first displacements are uniform between these; default 0.2 to 0.9. */
  searchSize?: { least: number; most: number };
  /** Softest modes of every minimum that are followed uphill, both ways; default 30. None above 300 coordinates. */
  modes?: number;
  /** How far along a mode such a search starts, one for each; default 0.1 and 0.4. */
  modeSizes?: readonly number[];
  /** Searches that make one job; default 20. Part of the definition of the work, unlike the number of threads. */
  searchBatch?: number;
  /** Rounds of searches from the minima that the round before has found; default 10. */
  rounds?: number;
  /** Bands from each minimum to so many nearest others; default 0. */
  neighbours?: number;
  /** Cycles of missing connections; default 10. */
  cycles?: number;
  /** Tries of one pair; each takes half again as many images. Default 3. */
  pairAttempts?: number;
  /** For transition states, however they are looked for. */
  transition?: Omit<ConnectOptions, "zeroModes">;
  /** Refuses landscapes of more coordinates than this before any work; default 2000. */
  maxCoordinates?: number;
  /** Threads; 0 (default) works in this one. Changes the time it takes and nothing else. */
  threads?: number;
  task?: Task;
}

/** What an exploration did. */
export interface Exploration {
  network: Network;
  quenches: number;
  failedQuenches: number;
  /** Minima that basin-hopping kept and that could not be certified, by reason. */
  refused: Record<string, number>;
  /** Searches for a transition state that ended without one, by reason. */
  failures: Partial<Record<SearchFailure, number>>;
  gradients: number;
  hessians: number;
  /** Components (by their smallest number) that could not be joined to the global minimum. */
  unreachable: number[];
}

/**
 * Explores a landscape: basin-hopping walkers; searches for transition states from every minimum, along its modes and
 * from random displacements, round after round while new minima appear; bands to nearest neighbours; and missing connections until all hangs together or
 * no pair is left to try. All work is in jobs that are fixed before any of a batch runs, each with a random stream of its
 * own name, and results are taken in the order of the jobs: the network is the same for any number of threads.
 * @throws UserError where no quench ends in a certified minimum; Cancelled.
 */
export async function explore(options: ExploreOptions): Promise<Exploration> {
  const landscape = await loadLandscape(options.source);
  try {
    const { n } = landscape;
    const { maxCoordinates = 2000 } = options;
    demand(
      n <= maxCoordinates,
      () =>
        `explore: ${landscape.name} has ${n} coordinates: the Hessian that certifies a point takes ${((8 * n * n) / 2 ** 20).toFixed(0)} MiB and its spectrum about ${(9e-9 * n ** 3).toPrecision(2)} s; take fewer, or raise maxCoordinates (now ${maxCoordinates})`,
    );
    return await exploreLandscape(landscape, options);
  } finally {
    await landscape.release?.();
  }
}

async function exploreLandscape(landscape: AnyLandscape, options: ExploreOptions): Promise<Exploration> {
  const { source, seed, threads = 0, task = quietTask } = options;
  const network = options.network ?? emptyNetwork(landscape, options.same);
  const sum: Exploration = {
    ...{ network, quenches: 0, failedQuenches: 0, refused: {}, failures: {} },
    ...{ gradients: 0, hessians: 0, unreachable: [] },
  };
  const run = async (jobs: readonly LandscapeJob[], part: Task): Promise<JobResult[]> => {
    const results = await runLandscapeJobs(source, jobs, { threads, task: part });
    for (const result of results) {
      sum.gradients += result.spent.gradients;
      sum.hessians += result.spent.hessians;
      for (const triple of result.triples) addTriple(network, landscape, triple);
      for (const [reason, count] of Object.entries(result.failures) as [SearchFailure, number][]) {
        sum.failures[reason] = (sum.failures[reason] ?? 0) + count;
      }
    }
    return results;
  };

  const { walkers = 8, rounds = 10, searches = 20, searchBatch = 20, neighbours = 0, cycles = 10 } = options;
  const names = Array.from({ length: walkers }, (_, i) => `${seed}/${i}`);
  const fresh = names.filter((name) => !network.walkers.includes(name));
  const hops = await run(
    fresh.map((walker) => ({ kind: "hop", seed, walker, options: { steps: 100, ...options.hop } })),
    task.part(0, 0.3, "basin-hopping"),
  );
  hops.forEach(({ hop }, i) => {
    network.walkers.push(fresh[i]!);
    sum.quenches += hop!.quenches;
    sum.failedQuenches += hop!.failedQuenches;
    for (const { reason } of hop!.refused) sum.refused[reason] = (sum.refused[reason] ?? 0) + 1;
    for (const { point, hits } of hop!.minima) {
      recordSightings(network, addMinimum(network, landscape, point), fresh[i]!, hits);
    }
  });
  if (network.minima.length === 0) throw nothingFound(sum);

  const { searchSize: size = { least: 0.2, most: 0.9 }, transition = {} } = options;
  const { modeSizes = [0.1, 0.4] } = options;
  const limit = transition.follow?.exactUpTo ?? 300;
  const free = landscape.n - (landscape.zeroModes?.(network.minima[0]!.x).rows ?? 0);
  const modes = landscape.n > limit ? 0 : Math.min(free, options.modes ?? 30);
  const modeBatch = Math.max(1, Math.ceil(searchBatch / (2 * modeSizes.length || 1)));
  for (let round = 0; round < rounds; round++) {
    const jobs: LandscapeJob[] = [];
    network.minima.forEach(({ x }, minimum) => {
      for (let from = network.modes[minimum]!; from < modes; from += modeBatch) {
        const some = { from, to: Math.min(modes, from + modeBatch) };
        jobs.push({ kind: "modes", x, modes: some, sizes: modeSizes, options: transition });
      }
      network.modes[minimum] = Math.max(network.modes[minimum]!, modes);
      for (let from = network.searches[minimum]!; from < searches; from += searchBatch) {
        const tries = { from, to: Math.min(searches, from + searchBatch) };
        jobs.push({ kind: "search", seed, minimum, x, tries, size, options: transition });
      }
      network.searches[minimum] = Math.max(network.searches[minimum]!, searches);
    });
    if (jobs.length === 0) break;
    await run(jobs, task.part(0.3 + (0.4 * round) / rounds, 0.7, "searching transition states"));
  }

  const distance = distances(network, landscape);
  const { pairAttempts = 3 } = options;
  const connect = async (pairs: readonly [number, number][], part: Task): Promise<void> => {
    const jobs = pairs.map(([a, b]): LandscapeJob => {
      const tried = network.pairs.find(({ pair }) => pair[0] === a && pair[1] === b)?.attempts ?? 0;
      const density = (transition.density ?? 10) * 1.5 ** tried;
      const ends = { from: network.minima[a]!.x, to: network.minima[b]!.x };
      return { kind: "connect", ...ends, options: { ...transition, density } };
    });
    for (const [a, b] of pairs) recordAttempt(network, a, b);
    await run(jobs, part);
  };
  if (neighbours > 0)
    await connect(nearestPairs(network, distance, neighbours), task.part(0.7, 0.85, "bands"));
  for (let cycle = 0; ; cycle++) {
    const { pairs, unreachable } = missingConnections(network, distance, { maxAttempts: pairAttempts });
    sum.unreachable = [...unreachable, ...(cycle >= cycles ? pairs.map((pair) => pair[1]) : [])];
    if (pairs.length === 0 || cycle >= cycles) break;
    await connect(pairs, task.part(0.85 + (0.15 * cycle) / cycles, 1, "missing connections"));
  }
  return sum;
}

function nothingFound(sum: Exploration): UserError {
  const refused = Object.entries(sum.refused).map(([reason, count]) => `${count} × ${reason}`);
  const why = refused.length > 0 ? refused.join("; ") : `${sum.failedQuenches} did not converge`;
  return new UserError(
    `explore: none of ${sum.quenches} quenches on ${sum.network.landscape} ended in a certified minimum (${why}); a function without lower bound or with flat directions has none: add regularisation, or allow more iterations`,
  );
}

/** Aligned distances between minima, each worked out once. */
function distances(network: Network, landscape: AnyLandscape): (a: number, b: number) => number {
  const known = new Map<string, number>();
  return (a, b) => {
    const [low, high] = a < b ? [a, b] : [b, a];
    const key = `${low},${high}`;
    let found = known.get(key);
    if (found === undefined) {
      found = aligned(landscape, network.minima[low]!.x, network.minima[high]!.x).distance;
      known.set(key, found);
    }
    return found;
  };
}

/** The pairs of each minimum with its `count` nearest others that were never tried. */
function nearestPairs(
  network: Network,
  distance: (a: number, b: number) => number,
  count: number,
): [number, number][] {
  const tried = new Set(network.pairs.map(({ pair }) => pair.join()));
  const out: [number, number][] = [];
  for (let a = 0; a < network.minima.length; a++) {
    const others = Array.from(network.minima.keys())
      .filter((b) => b !== a)
      .sort((b, c) => distance(a, b) - distance(a, c) || b - c);
    for (const b of others.slice(0, count)) {
      const pair: [number, number] = [Math.min(a, b), Math.max(a, b)];
      if (tried.has(pair.join())) continue;
      tried.add(pair.join());
      out.push(pair);
    }
  }
  return out;
}
