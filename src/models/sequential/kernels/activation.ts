import type { ActivationName } from "../layers.ts";

/** σ(x): max(0, x), tanh x, or ln(1 + eˣ). */
export function activate(name: ActivationName, x: number): number {
  if (name === "relu") return Math.max(x, 0);
  if (name === "tanh") return Math.tanh(x);
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** σ′(x) from x and y = σ(x), with relu′(0) = 0. */
export function activationSlope(name: ActivationName, x: number, y: number): number {
  if (name === "relu") return x > 0 ? 1 : 0;
  if (name === "tanh") return 1 - y * y;
  return logistic(x);
}

/** σ″(x) from x and y = σ(x); 0 for relu. */
export function activationCurvature(name: ActivationName, x: number, y: number): number {
  if (name === "relu") return 0;
  if (name === "tanh") return -2 * y * (1 - y * y);
  const e = Math.exp(-Math.abs(x));
  return e / ((1 + e) * (1 + e));
}

function logistic(x: number): number {
  const e = Math.exp(-Math.abs(x));
  return x > 0 ? 1 / (1 + e) : e / (1 + e);
}
