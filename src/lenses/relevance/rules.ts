import { demand } from "../../core/errors.ts";

/**
 * What becomes of a unit y = φ(Σ_j a_j w_j + b) on the way back. With z_j = a_j w_j, relevance R of the unit goes to its
 * inputs as R_j = R·(z_j + γ z_j^±)/D, where z^± keeps the contributions with the sign of y ("generalised") or those of
 * positive weights ("positive", the rule for inputs that are not negative).
 */
export interface UnitRule {
  /** 0: LRP-0. */
  gamma: number;
  /** Added to D with its sign. */
  epsilon: number;
  split: "generalised" | "positive";
  /**
   * What a bias does. "max": D is the larger in the direction of y of the inputs' part and the bias' part (Bonneau et
   * al.); "absorb": D is the inputs' part, so that nothing is lost; "share": D is both, and the bias' part is relevance
   * of its own that starts where the bias is added; "drop": the same, and the bias' part is lost.
   */
  bias: "max" | "absorb" | "share" | "drop";
}

/** How a network is made linear for relevance. Plain data: a record of it is a record of what was done. */
export interface RelevanceRules {
  name: string;
  /** Units with an activation; "gradient": the derivative. */
  unit: UnitRule | "gradient";
  /**
   * Products of two features of a bead: "share" divides the relevance evenly among the factors, "gradient" is the
   * derivative, which counts a product once for each factor.
   */
  product: "share" | "gradient";
  /** Gates: "constant", or the derivative. */
  gate: "constant" | "gradient";
  /** Whether only scalars carry relevance from layer to layer, or all components. */
  channels: "all" | "scalar";
  /** Biases of layers without activation: relevance of their own, or lost. */
  bias: "share" | "drop";
}

/** Generalised γ with the bias rule that is the larger of bias and inputs. */
export const maxBias: UnitRule = { gamma: 0.1, epsilon: 0, split: "generalised", bias: "max" };

/** The sum of all relevances is the energy. The default. */
export const conservative: RelevanceRules = {
  name: "conservative",
  unit: maxBias,
  product: "share",
  gate: "constant",
  channels: "all",
  bias: "share",
};

/**
 * Conserves whatever the biases are: those of units with an activation carry relevance of their own too, so that nothing
 * depends on inputs being larger than biases.
 */
export const biasesCounted: RelevanceRules = {
  ...conservative,
  name: "biases counted",
  unit: { ...maxBias, bias: "share" },
};

/**
 * What Bonneau et al., Nat. Commun. 16 (2025) 9898 do: γ = 0.1 where a layer owns an activation, the derivative
 * elsewhere, scalars alone carry relevance. Not conservative.
 */
export const published: RelevanceRules = {
  name: "published",
  unit: maxBias,
  product: "gradient",
  gate: "gradient",
  channels: "scalar",
  bias: "drop",
};

/** Gradient × input through everything: R sums to x⁰·∂E/∂x⁰. */
export const gradientTimesInput: RelevanceRules = {
  name: "gradient × input",
  unit: "gradient",
  product: "gradient",
  gate: "gradient",
  channels: "all",
  bias: "drop",
};

/** @throws UserError for γ or ε below 0 or not finite. */
export function checkRules(rules: RelevanceRules): void {
  if (rules.unit === "gradient") return;
  const { gamma, epsilon } = rules.unit;
  demand(
    gamma >= 0 && epsilon >= 0 && Number.isFinite(gamma) && Number.isFinite(epsilon),
    () => `relevance rules '${rules.name}': γ ${gamma}, ε ${epsilon}; expected finite numbers from 0`,
  );
}

/** One unit's share: R_j = y/D·(z_j + γ z_j^sel), and the part of y that its bias keeps. */
export interface UnitShare {
  /** y/D. */
  scale: number;
  /** Relevance of the bias per unit of the cotangent of y. */
  bias: number;
  /** y·N/D: the value that the published modified forward pass has. */
  modified: number;
}

/** Whether the generalised or positive split adds γ to this contribution. */
export function selected(rule: UnitRule, y: number, a: number, w: number): boolean {
  if (rule.split === "positive") return w > 0;
  return a * w * y > 0;
}

/** Shares of a unit with inputs a, weights w (from `at`), bias b and value y. */
export function unitShare(
  rule: UnitRule,
  a: Float64Array,
  aAt: number,
  w: Float64Array,
  wAt: number,
  inputs: number,
  b: number,
  y: number,
): UnitShare {
  if (Math.abs(y) <= 1e-6) return { scale: 0, bias: 0, modified: 0 };
  let part = 0;
  for (let j = 0; j < inputs; j++) {
    const z = a[aAt + j]! * w[wAt + j]!;
    part += selected(rule, y, a[aAt + j]!, w[wAt + j]!) ? z + rule.gamma * z : z;
  }
  const favoured = rule.split === "positive" ? b > 0 : b * y > 0;
  const own = favoured ? b + rule.gamma * b : b;
  let denominator = part;
  if (rule.bias === "max") denominator = y > 0 ? Math.max(part, own) : Math.min(part, own);
  else if (rule.bias === "share" || rule.bias === "drop") denominator = part + own;
  denominator += rule.epsilon * (denominator < 0 ? -1 : 1);
  const scale = denominator === 0 ? 0 : y / denominator;
  return {
    scale,
    bias: rule.bias === "share" ? scale * own : 0,
    modified: scale * (part + own),
  };
}
