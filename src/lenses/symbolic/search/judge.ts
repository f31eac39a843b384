import { evaluator } from "../../../expressions/evaluator.ts";
import type { Objective } from "./contract.ts";
import { fitConstants } from "./fit.ts";
import { type Genome, genome, join } from "./genome.ts";
import type { Space } from "./space.ts";

/** Rows that candidates are compared with. */
export interface JudgeData {
  columns: readonly ArrayLike<number>[];
  target: Float64Array;
  weights?: Float64Array | undefined;
  /** σ² of the columns. */
  inputVariances?: readonly (Float64Array | undefined)[] | undefined;
  /** Which rows of the problem these are; undefined: all. */
  rows?: Int32Array | undefined;
}

/** A form of a candidate f: itself, a·f, or a·f + b. */
export type Form = 0 | 1 | 2;

export interface Score {
  /** Losses of f, a·f and a·f + b; the last two are those of f where scaling is not allowed. */
  losses: [number, number, number];
  /** a of the second; a and b of the third. */
  factor: number;
  slope: number;
  offset: number;
}

export interface Judge {
  rows: number;
  /** The loss of the best constant: the scale of all losses. */
  baseline: number;
  /** Whether losses are those of a general objective. */
  objective: boolean;
  /** Undefined where the candidate is not finite. */
  score(candidate: Genome): Score | undefined;
  /** The candidate with fitted constants, and its loss. `tied` as in `fitConstants`. */
  fit(candidate: Genome, steps: number, tied?: Int32Array): { genome: Genome; loss: number } | undefined;
  loss(candidate: Genome): number;
  values(candidate: Genome): ArrayLike<number> | undefined;
  gradient(candidate: Genome): readonly ArrayLike<number>[];
}

export interface JudgeOptions {
  /** Which forms may be used beside f itself. */
  scaling: { factor: boolean; offset: boolean };
  objective?: Objective | undefined;
  /** Told of every evaluation, in units of one over all rows of the problem. */
  count: (evaluations: number) => void;
  /** What one evaluation over these rows counts. */
  share: number;
}

/** A judge of candidates over some rows. */
export function makeJudge(space: Space, data: JudgeData, options: JudgeOptions): Judge {
  const { target, inputVariances } = data;
  const { scaling, objective, count, share } = options;
  const rows = target.length;
  const columns = data.columns.length > 0 ? data.columns : [new Float64Array(rows)];
  const engine = evaluator(columns, { operators: space.operators, target });
  const weights = data.weights;
  const total = weights === undefined ? rows : weights.reduce((a, b) => a + b, 0);
  let [sy, syy] = [0, 0];
  for (let i = 0; i < rows; i++) {
    const w = weights === undefined ? 1 : weights[i]!;
    sy += w * target[i]!;
    syy += w * target[i]! * target[i]!;
  }
  const mean = sy / total;
  let spread = 0;
  for (let i = 0; i < rows; i++)
    spread += (weights === undefined ? 1 : weights[i]!) * (target[i]! - mean) ** 2;
  const baseline = Math.max(spread / total, Number.MIN_VALUE);

  /** Σ w·(a·f + b − y)²/Σ w by its terms. */
  const exactly = (f: ArrayLike<number>, a: number, b: number): number => {
    let sum = 0;
    for (let i = 0; i < rows; i++) {
      const r = a * f[i]! + b - target[i]!;
      sum += (weights === undefined ? 1 : weights[i]!) * r * r;
    }
    return sum / total;
  };

  /** Weights of the effective variance at this candidate, and the factor that makes losses comparable. */
  const effective = (candidate: Genome): { weights: Float64Array; factor: number } | undefined => {
    const used = inputVariances!.flatMap((v, k) => (v === undefined ? [] : [k]));
    const { gradient, finite } = engine.variableGradient(candidate, used);
    count(2 * share);
    if (!finite) return undefined;
    const made = new Float64Array(rows);
    let logs = 0;
    let sum = 0;
    for (let i = 0; i < rows; i++) {
      let variance = 1 / weights![i]!;
      used.forEach((column, k) => {
        variance += gradient[k]![i]! ** 2 * inputVariances![column]![i]!;
      });
      made[i] = 1 / variance;
      logs += Math.log(variance * weights![i]!);
      sum += 1 / variance;
    }
    return Number.isFinite(sum) ? { weights: made, factor: Math.exp(logs / rows) } : undefined;
  };

  const lossOf = (candidate: Genome): number => {
    count(share);
    const { values, finite } = engine.evaluate(candidate);
    if (!finite) return Number.NaN;
    if (objective !== undefined) {
      return objective({
        values: values.slice(),
        rows: data.rows,
        gradient: () => {
          count(2 * share);
          return engine.variableGradient(candidate).gradient.map((g) => g.slice());
        },
      });
    }
    if (inputVariances === undefined) return exactly(values, 1, 0);
    const f = values.slice();
    const found = effective(candidate);
    if (found === undefined) return Number.NaN;
    let sum = 0;
    for (let i = 0; i < rows; i++) sum += found.weights[i]! * (f[i]! - target[i]!) ** 2;
    return (sum / total) * found.factor;
  };

  const plain = objective === undefined && inputVariances === undefined;
  const score = (candidate: Genome): Score | undefined => {
    if (!plain) {
      const loss = lossOf(candidate);
      return Number.isFinite(loss)
        ? { losses: [loss, loss, loss], factor: 1, slope: 1, offset: 0 }
        : undefined;
    }
    count(share);
    const { values: f, finite } = engine.evaluate(candidate);
    if (!finite) return undefined;
    let [sf, sff, sfy] = [0, 0, 0];
    if (weights === undefined) {
      for (let i = 0; i < rows; i++) {
        const v = f[i]!;
        sf += v;
        sff += v * v;
        sfy += v * target[i]!;
      }
    } else {
      for (let i = 0; i < rows; i++) {
        const v = f[i]!;
        const w = weights[i]!;
        sf += w * v;
        sff += w * v * v;
        sfy += w * v * target[i]!;
      }
    }
    if (!Number.isFinite(sff)) return undefined;
    let plainLoss = (sff - 2 * sfy + syy) / total;
    if (!(plainLoss > 1e-6 * baseline)) plainLoss = exactly(f, 1, 0);
    let [factor, slope, offset] = [1, 1, 0];
    let scaled = plainLoss;
    if (scaling.factor && sff > 0) {
      factor = sfy / sff;
      scaled = (syy - factor * sfy) / total;
      if (!(scaled > 1e-6 * baseline)) scaled = exactly(f, factor, 0);
      scaled = Math.min(scaled, plainLoss);
    }
    let shifted = scaled;
    slope = factor;
    if (scaling.offset && scaling.factor) {
      const variance = sff - (sf * sf) / total;
      if (variance > 1e-12 * sff) {
        slope = (sfy - (sf * sy) / total) / variance;
        offset = (sy - slope * sf) / total;
        shifted = (spread - slope * slope * variance) / total;
        if (!(shifted > 1e-6 * baseline)) shifted = exactly(f, slope, offset);
        shifted = Math.min(shifted, scaled);
      } else {
        slope = 0;
        offset = mean;
        shifted = Math.min(baseline, scaled);
      }
    }
    return { losses: [plainLoss, scaled, shifted], factor, slope, offset };
  };

  return {
    rows,
    baseline,
    objective: objective !== undefined,
    score,
    loss: lossOf,
    values(candidate) {
      count(share);
      const { values, finite } = engine.evaluate(candidate);
      return finite ? values : undefined;
    },
    gradient: (candidate) => {
      count(2 * share);
      return engine.variableGradient(candidate).gradient.map((g) => g.slice());
    },
    fit(candidate, steps, tied) {
      if (candidate.constants.length === 0) {
        const loss = lossOf(candidate);
        return Number.isFinite(loss) ? { genome: candidate, loss } : undefined;
      }
      if (objective !== undefined) return searchDownhill(candidate, lossOf, steps, tied);
      let made = candidate;
      for (let round = 0; round < (inputVariances === undefined ? 1 : 3); round++) {
        const w = inputVariances === undefined ? weights : effective(made)?.weights;
        if (inputVariances !== undefined && w === undefined) return undefined;
        const found = fitConstants({ evaluator: engine, target, weights: w }, made, {
          steps,
          enough: 1e-30 * baseline * total,
          ...(tied && { tied }),
        });
        if (found === undefined) return undefined;
        count(2 * share * found.steps);
        made = { tokens: candidate.tokens, constants: found.constants };
        if (inputVariances === undefined) return { genome: made, loss: found.sum / total };
      }
      const loss = lossOf(made);
      return Number.isFinite(loss) ? { genome: made, loss } : undefined;
    },
  };
}

/** The candidate in one of its forms, written out. */
export function writeForm(space: Space, f: Genome, form: Form, score: Score): Genome {
  if (form === 0) return f;
  const mul = genome([-1 - space.number("mul")!]);
  const scaled = join(genome([0], [form === 1 ? score.factor : score.slope]), f, mul);
  return form === 1 ? scaled : join(scaled, genome([0], [score.offset]), genome([-1 - space.number("add")!]));
}

/**
 * Constants by compass search for objectives without a gradient: steps up and down in each, halved where none helps.
 */
function searchDownhill(
  candidate: Genome,
  loss: (g: Genome) => number,
  steps: number,
  tied: Int32Array | undefined,
): { genome: Genome; loss: number } | undefined {
  const constants = candidate.constants.slice();
  const at = { tokens: candidate.tokens, constants };
  let best = loss(at);
  if (!Number.isFinite(best)) return undefined;
  const count = tied === undefined ? constants.length : Math.max(-1, ...tied) + 1;
  const width = Float64Array.from({ length: count }, () => 0.2);
  for (let step = 0; step < steps; step++) {
    for (let p = 0; p < count; p++) {
      const own = Array.from(constants.keys()).flatMap((i) =>
        (tied === undefined ? i : tied[i]!) === p ? [i] : [],
      );
      let helped = false;
      for (const sign of [1, -1]) {
        const before = own.map((i) => constants[i]!);
        for (const i of own) constants[i]! += sign * width[p]! * Math.max(0.1, Math.abs(constants[i]!));
        const now = loss(at);
        if (now < best) {
          best = now;
          helped = true;
          break;
        }
        own.forEach((i, k) => {
          constants[i] = before[k]!;
        });
      }
      width[p]! *= helped ? 1.6 : 0.5;
    }
    if (width.every((w) => w < 1e-9)) break;
  }
  return { genome: { tokens: candidate.tokens, constants: constants.slice() }, loss: best };
}
