import { demand } from "../../../core/errors.ts";
import type { Random } from "../../../core/random.ts";
import type { Matrix } from "../../../linalg/matrix.ts";
import { type ClassifierShape, probabilities, weightCount } from "../../../models/classifier/index.ts";
import type { HarmonicMinimum } from "../thermodynamics/superposition.ts";
import { boltzmannWeights } from "./boltzmann-weights.ts";
import { majority, meanProbabilities, mixed } from "./combine.ts";
import { type Complementarity, complementarity, selected } from "./complementarity.ts";
import { forwardSelection, type Selection } from "./forward-selection.ts";
import { fitClassifier, type Gate, type GateOptions, trainGate } from "./gate.ts";
import { itemLosses, lowestMinima, memberProbabilities, type PoolMember } from "./pool.ts";
import { likeliest, type Scores, scoresOf } from "./scores.ts";

/** Labelled items. */
export interface Items {
  features: Matrix;
  labels: ArrayLike<number>;
}

/** One way to get one answer out of a pool, with its scores on items that nothing was trained or chosen on. */
export interface Combined extends Scores {
  method: string;
  /**
   * What it could see of the held-out part: "nothing", "choice" of a number or of members, "training" of a network; with
   * "hindsight" it was chosen on the unseen items themselves.
   */
  uses: "nothing" | "choice" | "training" | "hindsight";
}

/** What the superposition of the minima of one network gives. */
export interface Superposition {
  pool: PoolMember[];
  /** On the unseen items. */
  complementarity: Complementarity;
  /** The member that was best on the held-out part: what everything else is compared with. */
  bestSingle: number;
  combined: Combined[];
  /** The temperature that was best on the held-out part, for the Boltzmann-weighted mean. */
  temperature: number;
  /** Members of the best mean, and those that complement each other best, which the gate chooses from. */
  mean: Selection;
  complementary: Selection;
  gate: Gate | undefined;
}

/**
 * Superposition of minima: the K lowest, together, on items that neither they nor what combines them was trained on.
 *
 * `held` is the part on which the best single member, the temperature, the members of a mean and the gate are chosen or
 * trained; `unseen` is for the scores alone. The gate asks one member (or mixes them by its probabilities) among those
 * that forward selection finds to complement each other. Two controls go with it: a network of the gate's own size
 * trained directly on the labels of the held-out part, and the oracle that knows which member to ask.
 * @throws UserError for fewer than two minima.
 */
export function superposeMinima(options: {
  shape: ClassifierShape;
  network: { n: number; minima: readonly (HarmonicMinimum & { x: Float64Array })[] };
  /** K, the most members; default 20. */
  count?: number;
  held: Items;
  unseen: Items;
  /** Most members that the gate chooses from; default 6. */
  gateMembers?: number;
  gate?: Omit<GateOptions, "random">;
  /** Default 12 between a hundredth and ten times the spread of the pool's losses. */
  temperatures?: readonly number[];
  random: Random;
}): Superposition {
  const { shape, network, count = 20, held, unseen, gateMembers = 6, random } = options;
  demand(
    network.n === weightCount(shape),
    () =>
      `superposeMinima: a network of ${network.n} coordinates and a classifier of ${weightCount(shape)} weights`,
  );
  const pool = lowestMinima(network, count);
  const here = memberProbabilities(shape, pool, held.features);
  const there = memberProbabilities(shape, pool, unseen.features);
  const scoreHere = (p: Matrix) => scoresOf(p, held.labels).auc;
  const bestSingle = likeliest(here.map(scoreHere));

  const temperatures = options.temperatures ?? defaultTemperatures(pool);
  const shares = temperatures.map((t) => boltzmannWeights(network, pool, t));
  const warm = likeliest(shares.map((weights) => scoreHere(meanProbabilities(here, weights))));
  const mean = forwardSelection(pool.length, (set) => scoreHere(meanProbabilities(set.map((a) => here[a]!))));
  const losses = itemLosses(here, held.labels);
  const complementary = forwardSelection(pool.length, (set) => -leastLoss(losses, set), {
    most: gateMembers,
  });

  const combined: Combined[] = [];
  const add = (method: string, uses: Combined["uses"], p: Matrix) => {
    combined.push({ method, uses, ...scoresOf(p, unseen.labels) });
  };
  add("lowest loss", "nothing", there[0]!);
  add("best single", "choice", there[bestSingle]!);
  add(
    "best single in hindsight",
    "hindsight",
    there[likeliest(there.map((p) => scoresOf(p, unseen.labels).auc))]!,
  );
  add("mean of all", "nothing", meanProbabilities(there));
  add("majority", "nothing", majority(there));
  add("Boltzmann mean", "choice", meanProbabilities(there, shares[warm]!));
  add("selected mean", "choice", meanProbabilities(mean.members.map((a) => there[a]!)));

  const { members } = complementary;
  let gate: Gate | undefined;
  if (members.length > 1) {
    const some = { features: held.features, losses: columns(losses, members) };
    gate = trainGate(some.features, some.losses, { ...options.gate, random: random.fork("gate") });
    const asked = members.map((a) => there[a]!);
    const gated = gate.shares(unseen.features);
    const choice = Array.from({ length: gated.rows }, (_, i) =>
      likeliest(gated.data.subarray(i * gated.cols, (i + 1) * gated.cols)),
    );
    add("gate, one member", "training", selected(asked, choice));
    add("gate, mixed", "training", mixed(asked, gated));
    const direct: ClassifierShape = { ...gate.shape, classes: shape.classes };
    const { lambda = 1e-3, starts = 5 } = options.gate ?? {};
    const alone = fitClassifier(direct, {
      ...{ features: held.features, labels: Int32Array.from(held.labels), lambda, starts },
      random: random.fork("direct"),
    });
    add("direct network", "training", probabilities(direct, alone.weights, unseen.features));
  }
  return {
    ...{ pool, complementarity: complementarity(there, unseen.labels), bestSingle, combined },
    ...{ temperature: temperatures[warm]!, mean, complementary, gate },
  };
}

function defaultTemperatures(pool: readonly PoolMember[]): number[] {
  const spread = pool.at(-1)!.value - pool[0]!.value || 1e-3;
  return Array.from({ length: 12 }, (_, i) => 0.01 * spread * 1000 ** (i / 11));
}

/** The mean over items of the least loss among some members. */
function leastLoss(losses: Matrix, members: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < losses.rows; i++) {
    let least = Infinity;
    for (const a of members) least = Math.min(least, losses.data[i * losses.cols + a]!);
    sum += least;
  }
  return sum / losses.rows;
}

function columns(of: Matrix, which: readonly number[]): Matrix {
  const data = new Float64Array(of.rows * which.length);
  for (let i = 0; i < of.rows; i++) {
    which.forEach((a, k) => {
      data[i * which.length + k] = of.data[i * of.cols + a]!;
    });
  }
  return { rows: of.rows, cols: which.length, data };
}
