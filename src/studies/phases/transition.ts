import { type EvidenceCard, notRun } from "../../claims/card.ts";
import { againstTruth, classicalBaseline, randomBaseline } from "../../claims/evidence/baselines.ts";
import { stabilityOf } from "../../claims/evidence/stability.ts";
import type { CriticalValue } from "../../claims/kinds/critical-value.ts";
import { runNull } from "../../claims/nulls/run-null.ts";
import type { ClaimWithCard } from "../../claims/report-claims.ts";
import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import type { CriticalEstimate } from "../../physics/chain/indicators.ts";
import { mean, variance } from "../../stats/describe.ts";
import type { PhasesOptions } from "./params.ts";
import type { PlateauNetwork } from "./plateaus.ts";
import { exactTransition } from "./subject.ts";

/** Steps of V1/J within which two critical values count as the same. */
const step = 0.1;
/** Agreement from which the critical value counts as right: within two steps. */
const rightFrom = 0.5;

/** Boundaries of networks trained on one plateau set at one size, over seeds. */
export interface BoundaryGroup {
  plateau: string;
  L: number;
  /** Of each seed's network that has one boundary; the others have none or several. */
  values: number[];
  /** Networks without exactly one boundary. */
  odd: number;
  mean: number;
  deviation: number;
}

/** What plateau training says of the transition. */
export interface Transition {
  groups: BoundaryGroup[];
  /** Mean over seeds on the largest ring. */
  value: number;
  /** Standard deviation over seeds there; NaN for one seed. */
  seedSpread: number;
  /** Largest minus smallest mean over ring sizes; NaN for one size. */
  sizeSpread: number;
  /** Straight line in 1/L through the means over seeds, at 1/L = 0; NaN for fewer than three sizes. */
  extrapolated: number;
  /** Largest minus smallest mean over plateau sets on the main ring; NaN for one. */
  plateauSpread: number;
}

/** Gathers the boundaries by plateau set and ring size. @returns undefined if no network has one boundary. */
export function transitionOf(networks: readonly PlateauNetwork[]): Transition | undefined {
  const byKey = new Map<string, PlateauNetwork[]>();
  for (const one of networks) {
    const key = `${one.set.plateau} ${one.set.L}`;
    byKey.set(key, [...(byKey.get(key) ?? []), one]);
  }
  const groups = [...byKey.values()].map((members): BoundaryGroup => {
    const values = members.flatMap(({ prediction }) =>
      prediction.boundaries.length === 1 ? prediction.boundaries : [],
    );
    return {
      plateau: members[0]!.set.plateau,
      L: members[0]!.set.L,
      values,
      odd: members.length - values.length,
      mean: mean(values),
      deviation: Math.sqrt(variance(values)),
    };
  });
  const first = groups[0]!;
  const sizes = groups
    .filter(({ plateau, values }) => plateau === first.plateau && values.length > 0)
    .sort((a, b) => a.L - b.L);
  const largest = sizes.at(-1);
  if (!largest) return undefined;
  const others = groups.filter(({ L, values }) => L === first.L && values.length > 0);
  const range = (list: readonly BoundaryGroup[]) =>
    list.length < 2
      ? Number.NaN
      : Math.max(...list.map((group) => group.mean)) - Math.min(...list.map((group) => group.mean));
  return {
    groups,
    value: largest.mean,
    seedSpread: largest.deviation,
    sizeSpread: range(sizes),
    extrapolated: sizes.length < 3 ? Number.NaN : intercept(sizes),
    plateauSpread: range(others),
  };
}

/**
 * The critical value that plateau-trained networks give, with its card: the exact transition, level spectroscopy and
 * other classical indicators, random boundaries, and the same from other plateaus, sizes and seeds.
 */
export async function criticalClaim(
  transition: Transition,
  networks: readonly PlateauNetwork[],
  classical: readonly CriticalEstimate[],
  options: PhasesOptions,
  { task, random }: { task: Task; random: Random },
): Promise<ClaimWithCard> {
  const { groups, value, seedSpread, sizeSpread, extrapolated } = transition;
  const first = networks[0]!;
  const [left, right] = first.set.stretches as [readonly [number, number], readonly [number, number]];
  const grid = { low: 0, high: 40, step };
  const sizes = [...new Set(groups.filter(({ plateau }) => plateau === first.set.plateau).map(({ L }) => L))];
  const made = (at: number, id: string): CriticalValue => ({
    kind: "critical value",
    id,
    title: "Where the Luttinger liquid ends",
    statement: `Networks trained only on V1/J up to ${left[1]} and from ${right[0]} on change their prediction at V1/J = ${at.toFixed(2)}.`,
    unit: "",
    subject: {
      model: "smooth chain net (tanh)",
      data: `plateau states of rings of ${sizes.sort((a, b) => a - b).join(", ")} sites`,
      seeds: [...new Set(networks.map(({ network }) => network.seed))],
    },
    parameter: "V1/J",
    value: at,
    grid,
    uncertainty: spreadOf([
      seedSpread,
      sizeSpread / 2,
      Number.isNaN(extrapolated) ? Number.NaN : extrapolated - value,
    ]),
  });
  const claim = made(value, "plateau.transition");
  const truth = made(exactTransition, "exact");
  const versions = (of: readonly number[]) => of.map((at, k) => made(at, `version${k}`));
  const plateaus = groups.filter(({ L, values }) => L === first.set.L && values.length > 0);
  const rings = groups.filter(({ plateau, values }) => plateau === first.set.plateau && values.length > 0);
  const seeds = rings.find(({ L }) => L === Math.max(...sizes))?.values ?? [];
  const stability = [
    ...(seeds.length > 1 ? [stabilityOf(versions(seeds), "seeds")] : []),
    ...(plateaus.length > 1
      ? [stabilityOf(versions(plateaus.map((group) => group.mean)), "plateau sets")]
      : []),
    ...(rings.length > 1 ? [stabilityOf(versions(rings.map((group) => group.mean)), "ring sizes")] : []),
  ];
  const { test } = await runNull({
    name: "a boundary anywhere in the untrained gap",
    statistic: "minus the distance to the exact transition",
    observed: -Math.abs(value - exactTransition),
    draw: (stream) => -Math.abs(left[1] + stream.uniform() * (right[0] - left[1]) - exactTransition),
    rounds: options.nulls,
    random: random.fork("gap"),
    reference: "docs/nulls/random-points.md",
    cost: { each: "one number" },
    task,
  });
  const card: EvidenceCard = {
    null: [test],
    baselines: [
      randomBaseline(claim, truth, {
        against: "the exact transition",
        rounds: 199,
        random: random.fork("random claims"),
      }),
      ...classical
        .filter(({ name }) => !name.includes("label threshold")) // its place is a choice, made to be near 1
        .filter(({ estimate }) => Number.isFinite(estimate) && estimate >= grid.low && estimate <= grid.high)
        .map(({ name, estimate }) =>
          classicalBaseline(claim, made(estimate, "classical"), truth, {
            name,
            against: "the exact transition",
          }),
        ),
    ],
    stability: stability.length > 0 ? stability : notRun("One network on one ring and one plateau set."),
    faithfulness: notRun("The claim names no part of the network or of the data."),
    truth: [
      againstTruth(claim, truth, {
        truth: "V1/J = 1 (Bethe ansatz of the XXZ ring, infinite length)",
        threshold: rightFrom,
      }),
    ],
    outOfDistribution: notRun(
      "The whole claim is made where nothing was trained; the extrapolation score there is a claim of its own.",
    ),
    multiplicity: {
      configurations: 1,
      what: "plateaus, sizes and seeds were fixed beforehand; all are reported",
      tests: null,
      adjustedP: null,
    },
    leakage: notRun("No label between the plateaus is seen."),
  };
  return { claim, card };
}

/** Root of the sum of squares of those that are known; null if none is. */
function spreadOf(parts: readonly number[]): number | null {
  const known = parts.filter(Number.isFinite);
  return known.length === 0 ? null : Math.sqrt(known.reduce((sum, value) => sum + value * value, 0));
}

/** Least-squares value at 1/L = 0. */
function intercept(groups: readonly BoundaryGroup[]): number {
  const x = groups.map(({ L }) => 1 / L);
  const y = groups.map((group) => group.mean);
  const [mx, my] = [mean(x), mean(y)];
  let [top, bottom] = [0, 0];
  x.forEach((value, k) => {
    top += (value - mx) * (y[k]! - my);
    bottom += (value - mx) ** 2;
  });
  return my - (top / bottom) * mx;
}
