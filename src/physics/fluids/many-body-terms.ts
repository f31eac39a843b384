import { demand } from "../../core/errors.ts";

/** One term of a many-body expansion. */
export interface ManyBodyTerm {
  /** The beads, ascending. */
  beads: readonly number[];
  /** V of these beads: in the unit of the energy. */
  value: number;
}

/**
 * The exact many-body expansion of any energy of subsets, by Möbius inversion over all subsets:
 * V(S) = Σ_{T ⊆ S} (−1)^{|S|−|T|} E(T), so that E(S) = Σ_{T ⊆ S} V(T). E(∅) is taken as 0.
 * Source: Rota, Z. Wahrscheinlichkeitstheorie 2 (1964) 340; Drautz, Fähnle & Sanchez, J. Phys.: Condens. Matter 16
 * (2004) 3843.
 * @param energy of the beads of a subset alone, ascending. Called once for every subset up to `highestOrder`.
 * @param beads how many there are. @param highestOrder the largest subsets that are asked for.
 * @returns the terms of every order, n-body terms at index n.
 * @throws UserError for an order that is not 1 … beads, and for more than 2²⁰ subsets.
 */
export function manyBodyTerms(
  energy: (subset: readonly number[]) => number,
  beads: number,
  highestOrder = beads,
): ManyBodyTerm[][] {
  demand(
    Number.isInteger(highestOrder) && highestOrder >= 1 && highestOrder <= beads,
    () => `manyBodyTerms: order ${highestOrder}; expected a whole number from 1 to ${beads}`,
  );
  let count = 0;
  let binomial = 1;
  for (let n = 1; n <= highestOrder; n++) {
    binomial *= (beads - n + 1) / n;
    count += binomial;
  }
  demand(count <= 2 ** 20, () => `manyBodyTerms: ${Math.round(count)} subsets; expected at most ${2 ** 20}`);
  const values = new Map<string, number>();
  const orders: ManyBodyTerm[][] = [[]];
  for (let n = 1; n <= highestOrder; n++) {
    orders.push(
      subsets(beads, n).map((subset) => {
        let value = energy(subset);
        for (const inner of properSubsets(subset)) value -= values.get(inner.join(","))!;
        values.set(subset.join(","), value);
        return { beads: subset, value };
      }),
    );
  }
  return orders;
}

/** All subsets of size n of 0 … beads−1, ascending. */
export function subsets(beads: number, n: number, from = 0): number[][] {
  if (n === 0) return [[]];
  const out: number[][] = [];
  for (let i = from; i <= beads - n; i++) {
    for (const rest of subsets(beads, n - 1, i + 1)) out.push([i, ...rest]);
  }
  return out;
}

function properSubsets(set: readonly number[]): number[][] {
  return Array.from({ length: 2 ** set.length - 2 }, (_, mask) =>
    set.filter((_bead, k) => (mask + 1) & (1 << k)),
  );
}
