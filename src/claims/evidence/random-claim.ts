import { UserError } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import type { Claim } from "../claim.ts";
import { pairsOf } from "../kinds/coupling.ts";
import { permuted } from "../nulls/permuted.ts";

/**
 * A random claim of the same kind and shape: lists are dealt out anew (off-diagonal pairs for a coupling, gradients
 * turned into random directions of the same length), counts and critical values are uniform over what was possible.
 * Signs of a signed relevance are flipped at random. An equation keeps its text but has no canonical form.
 */
export function randomClaim<C extends Claim>(claim: C, random: Random): C {
  return made(claim, random) as C;
}

function made(claim: Claim, random: Random): Claim {
  switch (claim.kind) {
    case "relevance": {
      const values = permuted(claim.values, random);
      return {
        ...claim,
        values: claim.signed ? values.map((x) => (random.int(2) === 0 ? x : -x)) : values,
        uncertainty: null,
      };
    }
    case "coupling": {
      const pairs = pairsOf(claim.variables.length, claim.directed);
      const values = claim.values.map((row) => [...row]);
      permuted(pairs, random).forEach(([i, j], k) => {
        const [to, from] = pairs[k]!;
        values[to]![from] = claim.values[i]![j]!;
        if (!claim.directed) values[from]![to] = claim.values[i]![j]!;
      });
      return { ...claim, values, uncertainty: null };
    }
    case "concept": {
      const gradients = claim.gradients?.map((row) => turned(row, claim.inputs, random)) ?? null;
      return { ...claim, values: permuted(claim.values, random), gradients, uncertainty: null };
    }
    case "equation":
      return { ...claim, values: permuted(claim.values, random), canonical: null, uncertainty: null };
    case "influence":
    case "reliability":
      return { ...claim, values: permuted(claim.values, random), uncertainty: null };
    case "count": {
      const { low, high } = claim.range;
      return { ...claim, value: low + random.int(high - low + 1), uncertainty: null };
    }
    case "critical value": {
      const { low, high, step } = claim.grid;
      const steps = Math.floor((high - low) / step + 1e-9);
      return { ...claim, value: Math.min(high, low + step * random.int(steps + 1)), uncertainty: null };
    }
    default:
      throw new UserError(`randomClaim: unknown kind '${(claim as Claim).kind}'`);
  }
}

/** A gradient of the same length (inputs measured in their scales) in a random direction. */
function turned(row: readonly number[], inputs: readonly { scale: number }[], random: Random): number[] {
  const length = Math.hypot(...row.map((g, j) => g * inputs[j]!.scale));
  const direction = row.map(() => random.normal());
  const norm = Math.hypot(...direction);
  return direction.map((x, j) => (length * x) / norm / inputs[j]!.scale);
}
