import { pearson } from "../../stats/correlation.ts";
import type { ComponentStructure } from "./component-claim.ts";
import { orderedness } from "./orderedness.ts";

/** Components among which parity is looked for. */
const parityComponents = 10;

/** The first component puts the tokens in their order: orderedness of Kitouni et al. 2024, section 4. */
export function orderingStructure(
  table: string,
  classical: ComponentStructure["classical"],
): ComponentStructure {
  return {
    name: "ordering",
    title: `Order of the ${table} embeddings`,
    among: 1,
    strength: (scores) => orderedness(scores),
    statistic: "share of neighbouring tokens in order along the first component",
    says: (_, strength) =>
      `Along the first principal component ${(100 * strength).toFixed(0)} % of neighbouring ${table} are in order.`,
    truth: {
      values: (tokens) => [...tokens],
      words: "the order of the numbers, which the model was never told",
      threshold: 0.9,
    },
    classical,
  };
}

/** A component tells even from odd tokens. */
export function parityStructure(
  table: string,
  classical: ComponentStructure["classical"],
): ComponentStructure {
  const signs = (tokens: readonly number[]) => tokens.map((token) => (token % 2 === 0 ? 1 : -1));
  return {
    name: "parity",
    title: `Parity in the ${table} embeddings`,
    among: parityComponents,
    strength: (scores, tokens) => {
      const rho = pearson(scores, signs(tokens));
      return Number.isFinite(rho) ? Math.abs(rho) : 0;
    },
    statistic: `largest |correlation| of one of the first ${parityComponents} components with (−1)^${table}`,
    says: (component, strength) =>
      `Of the first ${parityComponents} components number ${component} tells even from odd ${table} best (|ρ| = ${strength.toFixed(2)}).`,
    truth: { values: signs, words: `the parity of ${table}`, threshold: 0.6 },
    classical,
  };
}
