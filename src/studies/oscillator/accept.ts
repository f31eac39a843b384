import { random } from "../../core/random.ts";
import { canonical, skeleton } from "../../expressions/canonical.ts";
import { derivative } from "../../expressions/derivative.ts";
import { evaluate } from "../../expressions/evaluate.ts";
import { evaluator } from "../../expressions/evaluator.ts";
import { constant, type Expression, mapConstants } from "../../expressions/expression.ts";
import { parse } from "../../expressions/parse.ts";
import { standardOperators } from "../../expressions/standard-operators.ts";
import { gradientDisagreement } from "../../lenses/symbolic/distil/gradient-agreement.ts";
import { type LawId, type VariantId, variants } from "./variants.ts";

/** Whether a formula is the right one, by the rule of its variant. */
export interface Judgement {
  accepted: boolean;
  /** The same canonical form, constants aside. */
  symbolic: boolean;
  /** The same behaviour at random points, constants within their tolerance. */
  numeric: boolean;
  /** What was measured: "omega" → 1.9995. */
  measured: Record<string, number>;
}

/** Forms with generic constants whose skeletons count as the law's. */
const forms: Record<LawId, readonly string[]> = {
  a: ["-k*x/m", "1.01*k*x/m"],
  b: ["sin(2.1*t + 0.31)", "1.01*sin(2.1*t + 0.31)"],
  c: ["-6.9*x - 0.71*v"],
};

const points = 40;

/**
 * Judges a formula for a law by canonical form and by values. Of a trajectory the values decide: ẍ = −ω²x is what it means
 * to be A·sin(ωt + φ), and forms such as 2·sin²(t + φ) − 1 are equal to it with another canonical form.
 */
export function judgeLaw(id: LawId, expression: Expression): Judgement {
  const { inputs } = variants[id];
  const allowed = forms[id].map((text) => skeleton(parse(text, { names: inputs })));
  const symbolic = allowed.includes(skeleton(canonical(tidy(expression))));
  const { numeric, measured } = behaviour[id](expression);
  return { accepted: (symbolic || id === "b") && numeric, symbolic, numeric, measured };
}

/** Constants to twelve digits: 1.9999999999999998 is 2 where a fit has nothing left to gain. */
function tidy(expression: Expression): Expression {
  return mapConstants(expression, (value) => constant(Number(value.toPrecision(12))));
}

const at = (expression: Expression, values: readonly number[]) =>
  evaluate(expression, values, standardOperators);
const near = (value: number, target: number, tolerance: number) => Math.abs(value / target - 1) <= tolerance;

const behaviour: Record<LawId, (expression: Expression) => Pick<Judgement, "numeric" | "measured">> = {
  a(expression) {
    const stream = random(1, "oscillator", "a");
    const ratios = Array.from({ length: points }, () => {
      const [k, x, m] = [1 + 4 * stream.uniform(), 0.1 + 2 * stream.uniform(), 1 + 4 * stream.uniform()];
      const sign = stream.uniform() < 0.5 ? -1 : 1;
      return (at(expression, [k, sign * x, m]) * m) / (-k * sign * x);
    });
    const factor = ratios.reduce((sum, value) => sum + value, 0) / points;
    const numeric = ratios.every((value) => near(value, factor, 1e-6)) && near(factor, 1, 0.02);
    return { numeric, measured: { factor } };
  },
  b(expression) {
    const stream = random(1, "oscillator", "b");
    const second = derivative(derivative(expression, { variable: 0 }), { variable: 0 });
    let [top, bottom] = [0, 0];
    const pairs = Array.from({ length: points }, () => {
      const t = 10 * stream.uniform();
      const pair = { x: at(expression, [t]), acceleration: at(second, [t]) };
      top -= pair.x * pair.acceleration;
      bottom += pair.x ** 2;
      return pair;
    });
    const omega = Math.sqrt(top / bottom);
    const size = Math.sqrt(bottom / points);
    const harmonic = pairs.every(
      ({ x, acceleration }) => Math.abs(acceleration + omega ** 2 * x) <= 1e-6 * omega ** 2 * size,
    );
    return { numeric: harmonic && near(omega, 2, 0.005), measured: { omega } };
  },
  c(expression) {
    const stream = random(1, "oscillator", "c");
    const slopes = [0, 1].map((variable) => derivative(expression, { variable }));
    const origin = at(expression, [0, 0]);
    const list = Array.from({ length: points }, () => {
      const state = [2 * stream.uniform() - 1, 4 * stream.uniform() - 2];
      return slopes.map((slope) => -at(slope, state));
    });
    const [kappa, b] = [0, 1].map((j) => list.reduce((sum, pair) => sum + pair[j]!, 0) / points) as [
      number,
      number,
    ];
    const linear = list.every((pair) => near(pair[0]!, kappa, 1e-6) && near(pair[1]!, b, 1e-6));
    const numeric = linear && Math.abs(origin) <= 1e-9 && near(kappa, 7, 0.02) && near(b, 0.7, 0.02);
    return { numeric, measured: { kappa, b } };
  },
};

/** From this agreement of gradients the invariant counts as found. */
export const alignmentThreshold = 0.99;

/**
 * Judges an invariant: mean |cos| between its gradient and that of q² + p² at fixed points of the disc 0.1 < r < 1, where
 * the true orbits are. `symbolic`: its Poisson bracket with q² + p², p·∂φ/∂q − q·∂φ/∂p, vanishes there, so that it is a
 * function of q² + p² exactly.
 */
export function judgeInvariant(expression: Expression): Judgement {
  const { columns, gradients } = disc();
  const { gradient, finite } = evaluator(columns).variableGradient(expression, [0, 1]);
  if (!finite) return { accepted: false, symbolic: false, numeric: false, measured: { alignment: 0 } };
  const own = gradient.map((column) => Float64Array.from(column));
  const alignment = 1 - gradientDisagreement(own, { gradients, scales: [1, 1] });
  const [q, p] = columns as [Float64Array, Float64Array];
  let bracket = 0;
  let size = 0;
  for (let i = 0; i < q.length; i++) {
    bracket = Math.max(bracket, Math.abs(p[i]! * own[0]![i]! - q[i]! * own[1]![i]!));
    size = Math.max(size, Math.hypot(own[0]![i]!, own[1]![i]!));
  }
  const numeric = alignment >= alignmentThreshold;
  return {
    accepted: numeric,
    symbolic: size > 0 && bracket <= 1e-9 * size,
    numeric,
    measured: { alignment },
  };
}

/** Points of the disc where the true orbits are, and the gradient of q² + p² at them. */
export function disc(count = 200): { columns: Float64Array[]; gradients: Float64Array[] } {
  const stream = random(1, "oscillator", "d");
  const [q, p] = [new Float64Array(count), new Float64Array(count)];
  for (let i = 0; i < count; i++) {
    const radius = 0.1 + 0.9 * stream.uniform();
    const angle = 2 * Math.PI * stream.uniform();
    q[i] = radius * Math.cos(angle);
    p[i] = radius * Math.sin(angle);
  }
  return { columns: [q, p], gradients: [q.map((v) => 2 * v), p.map((v) => 2 * v)] };
}

/** Judges a formula of any variant. */
export function judgeVariant(id: VariantId, expression: Expression): Judgement {
  return id === "d" ? judgeInvariant(expression) : judgeLaw(id, expression);
}
