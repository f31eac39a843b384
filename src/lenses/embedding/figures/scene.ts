import { numberColumn, type Provenance } from "../../../data/table.ts";
import type { Pca } from "../../../linalg/pca.ts";
import type { SceneFigure } from "../../figure.ts";
import type { TokenTable } from "../subject.ts";
import { componentLabel, labelOf } from "./words.ts";

/** A table's trained tokens in the space of three principal components, to be turned by the reader. */
export function sceneFigure(
  table: TokenTable,
  tokens: readonly number[],
  fitted: Pca,
  provenance: readonly Provenance[],
): SceneFigure {
  const width = fitted.scores.cols;
  const score = (i: number, component: number) => fitted.scores.data[i * width + component]!;
  const name = `embedding-${table.name}-space`;
  const axis = (component: number) => componentLabel(component + 1, fitted.explained[component]!);
  return {
    kind: "scene",
    name,
    title: `Learned embeddings of ${labelOf(table)} in three principal components`,
    caption: `${tokens.length} trained tokens, joined in their order. A helix shows as turns around one long axis.`,
    axes: [axis(0), axis(1), axis(2)],
    points: tokens.map((token, i) => ({
      x: score(i, 0),
      y: score(i, 1),
      z: score(i, 2),
      label: `${table.name} = ${token}`,
      value: token,
    })),
    line: true,
    valueLabel: labelOf(table),
    data: {
      name,
      rows: tokens.length,
      columns: [
        numberColumn(table.name, "", tokens),
        ...[0, 1, 2].map((component) =>
          numberColumn(
            `PC${component + 1}`,
            "",
            tokens.map((_, i) => score(i, component)),
          ),
        ),
      ],
      provenance,
    },
  };
}
