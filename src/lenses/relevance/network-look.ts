import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import type { Configurations } from "../../data/configurations.ts";
import type { ForceField } from "../../physics/fluids/force-field.ts";
import { binnedCurve, type Curve, type FrameCorrelation, frameCorrelation, type Scatter } from "./curves.ts";
import type { FrameJob, LookAtFrames } from "./frame-job.ts";
import type { FrameTerms } from "./frame-terms.ts";
import type { RelevanceRules } from "./rules.ts";
import { configurationOf, type NetworkSource } from "./subject.ts";
import { type TruthTerms, truthTerms } from "./truth-terms.ts";

/** Bins of distance and angle. */
export interface Grids {
  distance: Float64Array;
  angle: Float64Array;
}

/** One quantity by relevance, by the exact expansion in vacuum and among the other beads, and by the known law. */
export interface FourCurves {
  relevance: Curve;
  branching?: Curve;
  vacuum: Curve;
  context?: Curve;
  truth?: Curve;
}

/** A total by order, per bead, with its error over frames. */
export interface OrderTotals {
  value: readonly number[];
  error: readonly number[];
}

/** What one network's energy is made of, over several frames. */
export interface NetworkLook {
  /** Numbers of the frames in their set. */
  numbers: readonly number[];
  terms: readonly FrameTerms[];
  truth?: readonly TruthTerms[];
  pair: FourCurves;
  angle?: FourCurves;
  /** Orders 1, 2, 3 and above, kcal/mol a bead. */
  totals: { relevance: OrderTotals; branching?: OrderTotals; vacuum: OrderTotals; truth?: OrderTotals };
  /** Per pair or triplet: "R3_V3", "V3_truth", "R3_truth", "R2_V2", "V2_truth", "R2_truth", "R2_context", "R3_context"; B for R by trees. */
  correlations: Readonly<Record<string, FrameCorrelation>>;
  /** Σ|three-body| over Σ|two-body|. */
  ratios: { relevance: number; branching?: number; vacuum: number; truth?: number };
}

/** Looks at `numbers` of the frames of a set through one network. */
export async function lookAtNetwork(
  source: NetworkSource,
  frames: Configurations,
  numbers: readonly number[],
  options: {
    rules: RelevanceRules;
    shell: number;
    orders: number;
    inContext: number;
    /** Leave out the exact expansion, where only relevance is asked for. */
    relevanceOnly?: boolean;
    /** Also by trees of messages, where the network is an SO3net. */
    branching?: boolean;
    grids: Grids;
    rounds: number;
    law?: ForceField;
    lookAtFrames: LookAtFrames;
    random: Random;
    task: Task;
  },
): Promise<NetworkLook> {
  const { rules, shell, orders, grids, rounds, law, random, task } = options;
  const perFrame = Math.ceil(options.inContext / numbers.length);
  const configurations = numbers.map((f) => configurationOf(frames, f));
  // A subject is a source too, but holds laws, which cannot cross threads.
  const { weights, species, tables } = source;
  const plain: NetworkSource = { weights, species, ...(tables ? { tables } : {}) };
  const jobs = configurations.map(
    ({ positions, cell }, k): FrameJob => ({
      source: plain,
      species: frames.species,
      positions: positions.slice(),
      vectors: cell.vectors.slice(),
      periodic: cell.periodic,
      options: {
        rules,
        shell,
        orders,
        inContext: perFrame,
        vacuum: !options.relevanceOnly,
        branching: options.branching ?? false,
        offset: random.fork("in context", k).uniform(),
      },
    }),
  );
  const terms = await options.lookAtFrames(jobs, task);
  const truth = law && terms.map((one, k) => truthTerms(law, configurations[k]!, one));
  const boot = (name: string) => ({ rounds, random: random.fork("bootstrap", name) });
  const pairCurve = (name: string, of: (one: FrameTerms, k: number) => ArrayLike<number>, least?: number) =>
    binnedCurve(
      terms.map((one, k) => ({ x: one.pairs.distance, y: of(one, k) })),
      grids.distance,
      { ...boot(`pair ${name}`), ...(least === undefined ? {} : { least }) },
    );
  const cornerCurve = (name: string, of: (one: FrameTerms, k: number) => ArrayLike<number>) =>
    binnedCurve(
      terms.map((one, k) => {
        const values = of(one, k);
        return { x: one.corners.angle, y: Array.from(one.corners.triplet, (t) => values[t]!) };
      }),
      grids.angle,
      boot(`angle ${name}`),
    );
  const contextScatter = (
    one: FrameTerms,
    which: "pairs" | "triplets",
    by: "relevance" | "branching" = "relevance",
  ): Scatter => {
    const { at, value } = one.inContext[which];
    return { x: value, y: Array.from(at, (k) => one[which][by]![k]!) };
  };
  const trees = terms.every(({ branchingTotals }) => branchingTotals);
  const anyContext = terms.some(({ inContext }) => inContext.pairs.at.length > 0);
  const pair: FourCurves = {
    relevance: pairCurve("relevance", ({ pairs }) => pairs.relevance),
    ...(trees ? { branching: pairCurve("branching", ({ pairs }) => pairs.branching!) } : {}),
    vacuum: pairCurve("vacuum", ({ pairs }) => pairs.vacuum),
    ...(anyContext
      ? {
          context: binnedCurve(
            terms.map(({ pairs, inContext: { pairs: chosen } }) => ({
              x: Array.from(chosen.at, (k) => pairs.distance[k]!),
              y: chosen.value,
            })),
            coarser(grids.distance, 3),
            { ...boot("pair context"), least: 1 },
          ),
        }
      : {}),
    ...(truth ? { truth: pairCurve("truth", (_, k) => truth[k]!.pairs) } : {}),
  };
  const corners = terms.some(({ corners: { triplet } }) => triplet.length > 0);
  const angle: FourCurves | undefined = corners
    ? {
        relevance: cornerCurve("relevance", ({ triplets }) => triplets.relevance),
        ...(trees ? { branching: cornerCurve("branching", ({ triplets }) => triplets.branching!) } : {}),
        vacuum: cornerCurve("vacuum", ({ triplets }) => triplets.vacuum),
        ...(truth ? { truth: cornerCurve("truth", (_, k) => truth[k]!.triplets) } : {}),
      }
    : undefined;
  const correlations: Record<string, FrameCorrelation> = {};
  const correlate = (name: string, scatters: readonly Scatter[]) => {
    if (scatters.every(({ x }) => x.length === 0)) return;
    const found = frameCorrelation(scatters, boot(name));
    if (found) correlations[name] = found;
  };
  for (const [which, n] of [
    ["pairs", 2],
    ["triplets", 3],
  ] as const) {
    correlate(
      `R${n}_V${n}`,
      terms.map((one) => ({ x: one[which].vacuum, y: one[which].relevance })),
    );
    correlate(
      `R${n}_context`,
      terms.map((one) => contextScatter(one, which)),
    );
    if (trees) {
      correlate(
        `B${n}_V${n}`,
        terms.map((one) => ({ x: one[which].vacuum, y: one[which].branching! })),
      );
      correlate(
        `B${n}_context`,
        terms.map((one) => contextScatter(one, which, "branching")),
      );
    }
    if (!truth) continue;
    if (trees) {
      correlate(
        `B${n}_truth`,
        terms.map((one, k) => ({ x: truth[k]![which], y: one[which].branching! })),
      );
    }
    correlate(
      `V${n}_truth`,
      terms.map((one, k) => ({ x: truth[k]![which], y: one[which].vacuum })),
    );
    correlate(
      `R${n}_truth`,
      terms.map((one, k) => ({ x: truth[k]![which], y: one[which].relevance })),
    );
  }
  const size = (of: (one: FrameTerms, k: number) => ArrayLike<number>) =>
    terms.reduce((sum, one, k) => sum + Array.from(of(one, k)).reduce((s, v) => s + Math.abs(v), 0), 0);
  return {
    numbers,
    terms,
    ...(truth ? { truth } : {}),
    pair,
    ...(angle ? { angle } : {}),
    totals: {
      relevance: totalsOf(terms.map(({ relevanceTotals, beads }) => relevanceTotals.map((v) => v / beads))),
      ...(trees
        ? {
            branching: totalsOf(
              terms.map(({ branchingTotals, beads }) => branchingTotals!.map((v) => v / beads)),
            ),
          }
        : {}),
      vacuum: totalsOf(terms.map(({ vacuumTotals, beads }) => vacuumTotals.map((v) => v / beads))),
      ...(truth
        ? {
            truth: totalsOf(
              truth.map(({ totals, energy }, k) => {
                const { pairs, triplets } = totals;
                return [0, pairs, triplets, energy - pairs - triplets].map((v) => v / terms[k]!.beads);
              }),
            ),
          }
        : {}),
    },
    correlations,
    ratios: {
      relevance: size(({ triplets }) => triplets.relevance) / size(({ pairs }) => pairs.relevance),
      ...(trees
        ? {
            branching: size(({ triplets }) => triplets.branching!) / size(({ pairs }) => pairs.branching!),
          }
        : {}),
      vacuum: size(({ triplets }) => triplets.vacuum) / size(({ pairs }) => pairs.vacuum),
      ...(truth ? { truth: size((_, k) => truth[k]!.triplets) / size((_, k) => truth[k]!.pairs) } : {}),
    },
  };
}

/** Mean and standard error over frames. */
function totalsOf(frames: readonly (readonly number[])[]): OrderTotals {
  const n = frames.length;
  const value = frames[0]!.map((_, k) => frames.reduce((sum, one) => sum + one[k]!, 0) / n);
  const error = value.map((mean, k) =>
    n < 2
      ? Number.NaN
      : Math.sqrt(frames.reduce((sum, one) => sum + (one[k]! - mean) ** 2, 0) / (n * (n - 1))),
  );
  return { value, error };
}

/** Every `by`-th edge, and the last. */
function coarser(edges: Float64Array, by: number): Float64Array {
  const bins = Math.max(1, Math.floor((edges.length - 1) / by));
  const [low, high] = [edges[0]!, edges.at(-1)!];
  return Float64Array.from({ length: bins + 1 }, (_, k) => low + ((high - low) * k) / bins);
}

/** `count` of `total` frames, evenly, in their order. */
export function evenly(total: number, count: number): number[] {
  const n = Math.min(total, count);
  return Array.from({ length: n }, (_, k) => Math.floor(((k + 0.5) * total) / n));
}
