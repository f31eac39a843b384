import { demand } from "../../core/errors.ts";

/** x⁰: the embedding row of every bead's species, beads×F. @throws UserError for an unknown species. */
export function embed(
  where: string,
  net: { embedding: Float64Array; species: number; features: number },
  species: Int32Array,
  beads: number,
): Float64Array {
  demand(species.length === beads, () => `${where}: ${species.length} species for ${beads} beads`);
  const out = new Float64Array(beads * net.features);
  species.forEach((z, i) => {
    demand(
      z >= 0 && z < net.species,
      () => `${where}: bead ${i} has species ${z}; the network knows 0 to ${net.species - 1}`,
    );
    out.set(net.embedding.subarray(z * net.features, (z + 1) * net.features), i * net.features);
  });
  return out;
}

/**
 * Species numbers (rows of the embedding) for species words, by `table` ("C" → 6).
 * @throws UserError naming the bead whose species the table does not have.
 */
export function speciesNumbers(
  words: readonly string[],
  table: Readonly<Record<string, number>>,
): Int32Array {
  return Int32Array.from(words, (word, i) => {
    const number = Object.hasOwn(table, word) ? table[word] : undefined;
    demand(
      number !== undefined,
      () => `speciesNumbers: bead ${i} is '${word}'; the potential knows ${Object.keys(table).join(", ")}`,
    );
    return number!;
  });
}
