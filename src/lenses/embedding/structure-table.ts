import { numberColumn, type Table, textColumn } from "../../data/table.ts";
import type { Findings } from "../contract.ts";
import type { EmbeddingSubject } from "./subject.ts";

/** One line a token table: its order, parity and helix in numbers. A metric that is undefined stays blank. */
export function structureTable(subject: EmbeddingSubject, { metrics }: Pick<Findings, "metrics">): Table {
  const names = subject.tables.map(({ name }) => name);
  const column = (title: string, metric: (name: string) => string, help: string) =>
    numberColumn(
      title,
      "",
      names.map((name) => metrics[metric(name)] ?? Number.NaN),
      { help },
    );
  return {
    name: "embedding-structure",
    rows: names.length,
    columns: [
      textColumn("table", names),
      column("tokens", (n) => `pca.${n}.tokens`, "trained tokens"),
      column("PC1 share", (n) => `pca.${n}.ev1`, "share of variance in the first principal component"),
      column("orderedness", (n) => `ordering.${n}`, "share of neighbours in order along PC1"),
      column("orderedness even/odd", (n) => `ordering.${n}.evenodd`, "the same within each parity"),
      column("parity ratio", (n) => `parity.${n}`, "above 1: even and odd tokens sit apart"),
      column("helix turns", (n) => `helix.${n}.turns`, "turns of the helix fit over its window"),
      column("helix R²", (n) => `helix.${n}.r2`, "of the helix fit; no evidence by itself"),
      column("helix q", (n) => `helix.${n}.q`, "helix test statistic"),
      column("helix p", (n) => `helix.${n}.p`, "against random walks"),
    ],
    provenance: subject.provenance ?? [],
  };
}
