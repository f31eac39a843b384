import { numberColumn, type Provenance, textColumn } from "../../../data/table.ts";
import { wrap } from "../../../physics/fluids/cell.ts";
import type { Configuration } from "../../../physics/fluids/start.ts";
import type { SceneFigure, SceneLink } from "../../figure.ts";
import { largestOf } from "../cuts.ts";
import type { FrameTerms } from "../frame-terms.ts";

/** A frame in three dimensions with its most relevant pairs and triplets; colour: relevance that a bead takes part in. */
export function configurationScene(options: {
  id: string;
  title: string;
  frame: Configuration;
  terms: FrameTerms;
  number: number;
  count: number;
  species: readonly string[];
  provenance: readonly Provenance[];
}): SceneFigure {
  const { id, terms, frame, count, species, provenance } = options;
  const positions = frame.cell.periodic.some(Boolean) ? wrap(frame.cell, frame.positions) : frame.positions;
  const { pairs, triplets, beads } = terms;
  const share = new Float64Array(beads);
  pairs.relevance.forEach((value, k) => {
    for (let b = 0; b < 2; b++) share[pairs.sets[2 * k + b]!]! += value / 2;
  });
  triplets.relevance.forEach((value, k) => {
    for (let b = 0; b < 3; b++) share[triplets.sets[3 * k + b]!]! += value / 3;
  });
  const inside = (set: ArrayLike<number>) => {
    // A line to a bead on the other side of the cell would cross the whole picture.
    for (let a = 0; a < set.length; a++) {
      for (let b = a + 1; b < set.length; b++) {
        let square = 0;
        for (let k = 0; k < 3; k++)
          square += (positions[3 * set[a]! + k]! - positions[3 * set[b]! + k]!) ** 2;
        if (Math.sqrt(square) > Math.min(...frame.cell.heights) / 2 && frame.cell.periodic.some(Boolean))
          return false;
      }
    }
    return true;
  };
  const chosen = (sets: Int32Array, values: Float64Array, size: number) => {
    const seen = Array.from(values.keys()).filter((k) => inside(sets.subarray(k * size, (k + 1) * size)));
    return largestOf(
      Float64Array.from(seen, (k) => values[k]!),
      count,
    ).map((k) => seen[k]!);
  };
  const sign = (value: number) => (value < 0 ? "attractive" : "repulsive");
  const links: SceneLink[] = [
    ...chosen(pairs.sets, pairs.relevance, 2).map(
      (k): SceneLink => ({
        members: [pairs.sets[2 * k]!, pairs.sets[2 * k + 1]!],
        group: `${sign(pairs.relevance[k]!)} pair`,
      }),
    ),
    ...chosen(triplets.sets, triplets.relevance, 3)
      .filter((k) => triplets.relevance[k] !== 0)
      .map(
        (k): SceneLink => ({
          members: [triplets.sets[3 * k]!, triplets.sets[3 * k + 1]!, triplets.sets[3 * k + 2]!],
          group: `${sign(triplets.relevance[k]!)} triplet`,
        }),
      ),
  ].sort((a, b) => a.group.localeCompare(b.group));
  const labels = Array.from({ length: beads }, (_, i) => `${species[i]} ${i}`);
  return {
    kind: "scene",
    name: `${id}-scene`,
    title: `Relevant pairs and triplets of a frame, ${options.title}`,
    caption: `Frame ${options.number} with its ${count} pairs and ${count} triplets of largest relevance that do not cross the cell's faces. Colour of a bead: half the relevance of its pairs and a third of that of its triplets.`,
    data: {
      name: `${id}-scene`,
      rows: beads,
      columns: [
        textColumn("bead", labels),
        ...["x", "y", "z"].map((name, k) =>
          numberColumn(
            name,
            "Å",
            Array.from({ length: beads }, (_, i) => positions[3 * i + k]!),
          ),
        ),
        numberColumn("share", "kcal/mol", share, { help: "of pair and triplet relevance" }),
        numberColumn("single", "kcal/mol", terms.singles.relevance, { help: "one-body relevance" }),
      ],
      provenance,
    },
    axes: ["x (Å)", "y (Å)", "z (Å)"],
    points: labels.map((label, i) => ({
      x: positions[3 * i]!,
      y: positions[3 * i + 1]!,
      z: positions[3 * i + 2]!,
      label,
      value: share[i]!,
    })),
    line: false,
    sameScale: true,
    valueLabel: "relevance of a bead's pairs and triplets (kcal/mol)",
    links,
  };
}
