import { breathe } from "../../core/breathe.ts";
import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import { exceedancePValue } from "../../stats/exceedance.ts";
import { quantile } from "../../stats/quantile.ts";
import { chartField, dotsOfRows, type FieldModel, fieldLength, type Lattice } from "./chart-field.ts";
import type { Comparison } from "./match.ts";
import { dot } from "./trends.ts";

/** What chance gives for the largest |correlation| of one term over all components. */
export interface NullDraws {
  /** One a round. */
  values: Float64Array;
  /** The term's correlation length in steps of the chart, which the random fields share. */
  length: number;
}

/** Null distributions of several comparisons, drawn together. */
export interface MatchNulls {
  permutation: NullDraws[];
  field: NullDraws[];
}

/**
 * Two null models of "term and components have nothing to do with each other", `rounds` draws each; the statistic is
 * the largest |ρ| over the components, so that choosing the best component is paid for.
 *
 * Permutation: the term's (detrended) values are dealt out anew over the samples, trends projected out once more
 * (Freedman & Lane 1983). It asks for nothing but exchangeability, which neighbouring nuclei do not have: any two
 * smooth maps of a chart correlate far beyond what shuffling gives.
 *
 * Fields: in the term's place a Gaussian random field on the chart with the term's own correlation length
 * ({@link fieldLength}, rounded to a quarter of an octave), trends projected out of it too. Surrogate maps of equal
 * smoothness keep the effective number of independent samples (Viladomat et al., Biometrics 70 (2014) 409).
 */
export async function matchNulls(
  comparisons: readonly Comparison[],
  lattice: Lattice,
  options: { rounds: number },
  { task, random }: { task: Task; random: Random },
): Promise<MatchNulls> {
  const { rounds } = options;
  const lengths = comparisons.map(({ term }) => roundedLength(fieldLength(lattice, term)));
  const models = new Map<number, FieldModel>();
  for (const length of lengths) if (!models.has(length)) models.set(length, chartField(lattice, length));
  const draws = () => lengths.map((length) => ({ values: new Float64Array(rounds), length }));
  const [permutation, field] = [draws(), draws()];
  const samples = lattice.x.length;
  const dealt = new Float64Array(samples);
  const statistics = comparisons.map(largestOver);
  const streams = { permutation: random.fork("permutation"), field: random.fork("field") };
  for (let b = 0; b < rounds; b++) {
    if (b % 10 === 0) {
      await breathe(task);
      task.report(b / rounds, "null models");
    }
    const order = streams.permutation.permutation(samples);
    const fields = new Map([...models].map(([length, model]) => [length, model(streams.field)]));
    comparisons.forEach(({ term }, k) => {
      for (let i = 0; i < samples; i++) dealt[i] = term[order[i]!]!;
      permutation[k]!.values[b] = statistics[k]!(dealt);
      field[k]!.values[b] = statistics[k]!(fields.get(lengths[k]!)!);
    });
  }
  task.report(1);
  return { permutation, field };
}

/**
 * Over several terms at once: how often does the largest statistic over all terms of one draw reach a term's own? One p
 * a term, adjusted for the number of terms (Westfall & Young 1993, the step of the maximum). To compare terms whose
 * nulls differ, |ρ| is taken as atanh |ρ| less its null's median, in units of the way from there to the null's 95 %.
 * @param nulls the draws, from one call of {@link matchNulls}: round b of one goes with round b of another.
 */
export function overAllTerms(observed: readonly number[], nulls: readonly NullDraws[]): number[] {
  const scales = nulls.map(({ values }) => {
    const transformed = values.map(fisher);
    const middle = quantile(transformed, 0.5);
    const range = quantile(transformed, 0.95) - middle;
    return (value: number) => (range > 0 ? (fisher(value) - middle) / range : 0);
  });
  const rounds = nulls[0]?.values.length ?? 0;
  const most = Float64Array.from({ length: rounds }, (_, b) =>
    Math.max(...nulls.map(({ values }, k) => scales[k]!(values[b]!))),
  );
  return observed.map((value, k) => exceedancePValue(scales[k]!(value), most));
}

function fisher(rho: number): number {
  return Math.atanh(Math.min(rho, 1 - 1e-12));
}

function roundedLength(length: number): number {
  return length < 0.5 ? 0 : 2 ** (Math.round(4 * Math.log2(length)) / 4);
}

/**
 * The largest |ρ| of a surrogate over the components, the comparison's trends projected out of it, as a function of the
 * surrogate. Trends and components are laid out once, one below the other.
 */
function largestOver({ basis, components }: Comparison): (surrogate: Float64Array) => number {
  const { rows, cols } = components;
  const directions = new Float64Array((basis.length + rows) * cols);
  basis.forEach((direction, i) => {
    directions.set(direction, i * cols);
  });
  directions.set(components.data, basis.length * cols);
  const places = {
    from: Int32Array.from({ length: basis.length + rows }, (_, i) => i * cols),
    to: new Int32Array(basis.length + rows),
  };
  return (surrogate) => {
    let square = dot(surrogate, surrogate);
    let most = 0;
    const along = dotsOfRows(directions, surrogate, places, cols);
    for (let i = 0; i < along.length; i++) {
      if (i < basis.length) square -= along[i]! ** 2;
      else most = Math.max(most, Math.abs(along[i]!));
    }
    return square > 0 ? Math.min(1, most / Math.sqrt(square)) : 0;
  };
}
