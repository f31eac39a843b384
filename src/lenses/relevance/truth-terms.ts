import { evaluate, type ForceField, totalEnergy } from "../../physics/fluids/force-field.ts";
import type { Configuration } from "../../physics/fluids/start.ts";
import { tripletTerms } from "../../physics/fluids/terms.ts";
import { setKey } from "./adjacency.ts";
import type { FrameTerms } from "./frame-terms.ts";

/** The known law's own terms for the pairs and triplets of a frame that the network joins. */
export interface TruthTerms {
  pairs: Float64Array;
  triplets: Float64Array;
  /** Σ V₂ and Σ V₃ of the whole frame, kcal/mol. */
  totals: { pairs: number; triplets: number };
  energy: number;
}

/** The law's terms, 0 beyond its cutoff. Triplets that close in several ways in the cell are summed. */
export function truthTerms(law: ForceField, frame: Configuration, terms: FrameTerms): TruthTerms {
  const exact = evaluate(law, frame);
  const triplets = new Float64Array(terms.triplets.relevance.length);
  if (law.highestOrder > 2) {
    const { beads, value } = tripletTerms(law, frame);
    const found = new Map<number, number>();
    value.forEach((term, k) => {
      const key = setKey(beads, 3 * k, 3, terms.beads);
      found.set(key, (found.get(key) ?? 0) + term);
    });
    for (let k = 0; k < triplets.length; k++) {
      triplets[k] = found.get(setKey(terms.triplets.sets, 3 * k, 3, terms.beads)) ?? 0;
    }
  }
  return {
    pairs: terms.pairs.distance.map((r) => law.pairTerm(r)),
    triplets,
    totals: { pairs: exact.pairEnergy, triplets: exact.tripletEnergy },
    energy: totalEnergy(exact),
  };
}
