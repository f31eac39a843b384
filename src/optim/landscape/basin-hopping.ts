import { demand } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import type { StationaryPoint } from "./certify.ts";
import { type AnyLandscape, perturbed } from "./landscape.ts";
import { type Quenched, type QuenchOptions, quench } from "./quench.ts";
import type { Search } from "./search.ts";
import { findMinimum, type TransitionStateOptions } from "./transition-state.ts";

export interface HopOptions {
  /** Quenches after the first. */
  steps: number;
  /** Size of the first displacements: every coordinate by up to ± this; default 0.4. */
  step?: number;
  /** Of the Metropolis test on quenched values; default 1. */
  temperature?: number;
  /** Every so many steps the size is divided or multiplied by `adaptFactor`; 0 keeps it. Default 50. */
  adaptEvery?: number;
  /** Default 0.9. */
  adaptFactor?: number;
  /** The share of steps that should lead to another minimum; default 0.8. */
  targetMoved?: number;
  /** The quenches on the way: default |g|/√n ≤ 1e-5. */
  hop?: QuenchOptions;
  /** Two quenches are one minimum on the way if their values differ by no more; default 1e-5. */
  valueTolerance?: number;
  /** … and their distance is no more than this; default 0.05 without symmetry, and by value alone with one. */
  distanceTolerance?: number;
  /** The lowest minima that are kept and certified at the end; default 200. */
  save?: number;
  /** Stops at the first quench at or below this value. */
  target?: number;
  /** How the kept minima are quenched tightly and certified. */
  tight?: Pick<TransitionStateOptions, "quench" | "certify">;
  /** Where to start; default the landscape's own random start. */
  start?: Float64Array;
  /** Told of every quench. `markov` is the walker's place after the Metropolis test, never to be changed. */
  onQuench?: (state: { step: number; value: number; accepted: boolean; markov: Float64Array }) => void;
}

export interface HopResult {
  /** Certified minima, lowest first, and how many quenches ended there. */
  minima: { point: StationaryPoint; hits: number }[];
  /** Kept minima that could not be certified, and why. */
  refused: { value: number; reason: string }[];
  quenches: number;
  failedQuenches: number;
  accepted: number;
  /** The displacement at the end. */
  step: number;
  /** The quench, counted from 1, that first reached `target`. */
  reached?: number;
}

/**
 * Basin-hopping: displace, quench, and accept on quenched values by Metropolis. The displacement adapts so that a share
 * `targetMoved` of the quenches leaves the basin. Quenches that do not converge are rejected and counted. The minima met
 * are told apart by value on the way (and by distance, where there is no symmetry), by the certified points at the end.
 * Source: Wales & Doye, J. Phys. Chem. A 101, 5111 (1997).
 */
export function* basinHopping(
  landscape: AnyLandscape,
  random: Random,
  options: HopOptions,
): Search<HopResult> {
  const { steps, temperature = 1, adaptEvery = 50, adaptFactor = 0.9, targetMoved = 0.8 } = options;
  const { valueTolerance = 1e-5, save = 200, target = -Infinity } = options;
  demand(Number.isInteger(steps) && steps >= 0, () => `basinHopping: ${steps} steps`);
  demand(temperature > 0, () => `basinHopping: temperature ${temperature}; expected a number above 0`);
  const { distanceTolerance = landscape.symmetry ? Infinity : 0.05 } = options;
  const hop: QuenchOptions = { rms: 1e-5, ...options.hop };
  let step = options.step ?? 0.4;
  const kept: { value: number; x: Float64Array; hits: number }[] = [];
  const keep = ({ value, x }: Quenched): void => {
    const known = kept.find(
      (one) => Math.abs(one.value - value) <= valueTolerance && near(one.x, x, distanceTolerance),
    );
    if (known) {
      known.hits++;
      return;
    }
    if (kept.length >= save && value >= kept.at(-1)!.value) return;
    const place = kept.findIndex((one) => one.value > value);
    kept.splice(place < 0 ? kept.length : place, 0, { value, x: x.slice(), hits: 1 });
    kept.length = Math.min(kept.length, save);
  };
  let [failedQuenches, accepted, moved, asked] = [0, 0, 0, 0];
  let reached: number | undefined;
  let markov: { x: Float64Array; value: number } | undefined;
  let quenches = 0;
  while (quenches <= steps && reached === undefined) {
    const start: Float64Array = markov
      ? perturbed(landscape, markov.x, random, step)
      : quenches === 0 && options.start
        ? options.start.slice()
        : landscape.start(random);
    const down: Quenched = yield* quench(start, hop);
    quenches++;
    let took = false;
    if (!down.converged) failedQuenches++;
    else {
      keep(down);
      if (down.value <= target) reached = quenches;
      const rise: number = markov ? down.value - markov.value : 0;
      if (markov) {
        asked++;
        if (Math.abs(rise) > valueTolerance) moved++;
      }
      took = rise <= 0 || random.uniform() < Math.exp(-rise / temperature);
      if (took) markov = { x: down.x, value: down.value };
      if (took) accepted++;
    }
    if (markov) options.onQuench?.({ step: quenches, value: down.value, accepted: took, markov: markov.x });
    if (adaptEvery > 0 && asked === adaptEvery) {
      step *= moved / asked > targetMoved ? adaptFactor : 1 / adaptFactor;
      moved = 0;
      asked = 0;
    }
  }
  const minima: HopResult["minima"] = [];
  const refused: HopResult["refused"] = [];
  const zeroModes = landscape.zeroModes && { zeroModes: (x: Float64Array) => landscape.zeroModes!(x) };
  const coordinateName = landscape.coordinateName && {
    coordinateName: (i: number) => landscape.coordinateName!(i),
  };
  const tight = { ...options.tight, certify: { ...coordinateName, ...options.tight?.certify } };
  for (const { x, value, hits } of kept) {
    const found = yield* findMinimum(x, { ...zeroModes, ...tight });
    if (found.ok) minima.push({ point: found.point, hits });
    else refused.push({ value, reason: found.reason });
  }
  minima.sort((a, b) => a.point.value - b.point.value);
  return {
    ...{ minima, refused, quenches, failedQuenches, accepted, step },
    ...(reached !== undefined && { reached }),
  };
}

function near(a: Float64Array, b: Float64Array, tolerance: number): boolean {
  if (tolerance === Infinity) return true;
  let squares = 0;
  for (let i = 0; i < a.length; i++) squares += (a[i]! - b[i]!) ** 2;
  return squares <= tolerance * tolerance;
}
