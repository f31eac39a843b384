import type { SearchProblem } from "./contract.ts";

/**
 * The problem with every column that has errors replaced by the mean of its true value given the measured one, and the
 * errors by what is left: for x measured with σ and true values normal with mean μ and variance τ²,
 *
 *     x̂ = (τ²·x + σ²·μ)/(τ² + σ²),   s² = τ²·σ²/(τ² + σ²),   μ = mean x,   τ² = max(0, Var x − mean σ²).
 *
 * Source: regression calibration, Carroll, Ruppert, Stefanski & Crainiceanu, Measurement Error in Nonlinear Models
 * (2006), chapter 4; the likelihood that goes with it is in `makeJudge`.
 */
export function withoutColumnErrors(problem: SearchProblem): SearchProblem {
  const { inputErrors } = problem;
  if (inputErrors === undefined) return problem;
  const left = inputErrors.map((e) => e?.slice());
  const columns = problem.columns.map((x, k) => {
    const sigma = inputErrors[k];
    if (sigma === undefined) return x;
    const mean = average(x);
    const spread = average(x.map((v) => (v - mean) ** 2));
    const own = Math.max(0, spread - average(sigma.map((s) => s * s)));
    left[k] = sigma.map((s) => (own === 0 && s === 0 ? 0 : Math.sqrt((own * s * s) / (own + s * s))));
    return x.map((v, i) => (sigma[i] === 0 ? v : (own * v + sigma[i]! ** 2 * mean) / (own + sigma[i]! ** 2)));
  });
  return { ...problem, columns, inputErrors: left };
}

const average = (values: Float64Array) => values.reduce((a, b) => a + b, 0) / values.length;
