/** A smooth activation: its value and slope, safe from overflow. */
export interface Activation {
  name: string;
  value(x: number): number;
  slope(x: number): number;
}

/** The logistic function 1/(1 + e^−x), without overflow. */
export function logistic(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}

/** SiLU: x/(1 + e^−x). Elfwing, Uchibe & Doya, Neural Networks 107 (2018) 3. */
export const silu: Activation = {
  name: "silu",
  value: (x) => x * logistic(x),
  slope(x) {
    const s = logistic(x);
    return s * (1 + x * (1 - s));
  },
};

/** Shifted softplus: ln(1 + eˣ) − ln 2. Schütt et al., J. Chem. Phys. 148 (2018) 241722. */
export const shiftedSoftplus: Activation = {
  name: "ssp",
  value: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))) - Math.LN2,
  slope: logistic,
};
