import { demand } from "../../../core/errors.ts";

/** What the harmonic superposition needs of a minimum. */
export interface HarmonicMinimum {
  value: number;
  /** Σ ln λ over the non-zero modes. */
  logProduct: number;
  /** Directions that symmetry makes flat. */
  zeroModes: number;
  /** Symmetry operations that leave it where it is: a minimum has |G|/order copies, and |G| cancels. */
  order: number;
}

/** Levels with weights: ln Z(T) = ln Σ_a exp(logWeight_a − value_a/T) + (κ/2) ln 2πT. */
export interface Levels {
  values: Float64Array;
  logWeights: Float64Array;
  /** κ, the number of harmonic modes that every level has. */
  modes: number;
}

/** Averages at one temperature. */
export interface Thermodynamics {
  temperature: number;
  /** p_a, the share of each level. */
  occupation: Float64Array;
  logZ: number;
  /** U = Σ p_a V_a + κT/2. */
  energy: number;
  /** C = κ/2 + (⟨V²⟩ − ⟨V⟩²)/T². */
  heatCapacity: number;
  /** dp_a/dT = p_a (V_a − ⟨V⟩)/T²: above zero for the minima that gain. */
  occupationSlope: Float64Array;
}

/**
 * The levels of the harmonic superposition approximation: ln g_a − ½ Σ ln λ_a with g_a = 1/order, up to what all minima
 * share. Source: Wales, Energy Landscapes (2003), ch. 7.
 * @param n coordinates of the landscape.
 * @throws UserError where minima have different numbers of zero modes: their partition functions have different units.
 */
export function superpositionLevels(minima: readonly HarmonicMinimum[], n: number): Levels {
  demand(minima.length > 0, () => "superpositionLevels: no minima");
  const { zeroModes } = minima[0]!;
  const other = minima.findIndex((minimum) => minimum.zeroModes !== zeroModes);
  demand(
    other < 0,
    () =>
      `superpositionLevels: minimum 0 has ${zeroModes} zero modes and minimum ${other} has ${minima[other]!.zeroModes}; add regularisation, or leave one kind out`,
  );
  return {
    values: Float64Array.from(minima, ({ value }) => value),
    logWeights: Float64Array.from(minima, ({ logProduct, order }) => -0.5 * logProduct - Math.log(order)),
    modes: n - zeroModes,
  };
}

/** Averages of the configurational ensemble at temperature T > 0. Sums start from the largest term, so nothing overflows. */
export function thermodynamics(levels: Levels, temperature: number): Thermodynamics {
  demand(
    temperature > 0 && temperature < Infinity,
    () => `thermodynamics: temperature ${temperature}; expected a number above 0`,
  );
  const { values, logWeights, modes } = levels;
  demand(
    values.length > 0 && values.length === logWeights.length,
    () => `thermodynamics: ${values.length} values and ${logWeights.length} weights`,
  );
  const logs = values.map((value, a) => logWeights[a]! - value / temperature);
  const top = logs.reduce((most, value) => Math.max(most, value), -Infinity);
  const terms = logs.map((value) => Math.exp(value - top));
  const sum = terms.reduce((total, term) => total + term, 0);
  const occupation = terms.map((term) => term / sum);
  const lowest = values.reduce((least, value) => Math.min(least, value), Infinity);
  let mean = 0;
  for (let a = 0; a < values.length; a++) mean += occupation[a]! * (values[a]! - lowest);
  let variance = 0;
  for (let a = 0; a < values.length; a++) {
    variance += occupation[a]! * (values[a]! - lowest - mean) ** 2;
  }
  const square = temperature * temperature;
  return {
    temperature,
    occupation,
    logZ: top + Math.log(sum) + (modes / 2) * Math.log(2 * Math.PI * temperature),
    energy: lowest + mean + (modes * temperature) / 2,
    heatCapacity: modes / 2 + variance / square,
    occupationSlope: occupation.map((p, a) => (p * (values[a]! - lowest - mean)) / square),
  };
}
