import { type ComponentStructure, strongestComponent } from "../../lenses/embedding/component-claim.ts";
import { fitTableHelix } from "../../lenses/embedding/helix-change.ts";
import { helixStatistic } from "../../lenses/embedding/helix-statistic.ts";
import { parseWindow } from "../../lenses/embedding/helix-window.ts";
import { embeddingLens } from "../../lenses/embedding/lens.ts";
import { orderingStructure, parityStructure } from "../../lenses/embedding/structures.ts";
import { type TokenTable, trainedTokens } from "../../lenses/embedding/subject.ts";
import { pca } from "../../linalg/pca.ts";
import { columnOf } from "../../linalg/rows.ts";

/** The windows of the helix fits, as the embedding lens has them by default. */
export const windows = {
  N: parseWindow(embeddingLens.params.windowN.default, "option 'windowN'"),
  Z: parseWindow(embeddingLens.params.windowZ.default, "option 'windowZ'"),
} as const;

const unused: ComponentStructure["classical"] = { name: "none", values: (tokens) => [...tokens] };

/** What each claim on embeddings is tested by, as a function of one network's table. Large values speak for the claim. */
export const claimStatistics = {
  "helix.N": { table: "N", of: circling },
  "helix.Z": { table: "Z", of: circling },
  "parity.N": { table: "N", of: (table) => strength(table, parityStructure("N", unused)) },
  "ordering.N": { table: "N", of: (table) => strength(table, orderingStructure("N", unused)) },
  "parity.Z": { table: "Z", of: (table) => strength(table, parityStructure("Z", unused)) },
  "ordering.Z": { table: "Z", of: (table) => strength(table, orderingStructure("Z", unused)) },
} as const satisfies Record<string, { table: "Z" | "N"; of: (table: TokenTable) => number }>;

/** The network with the median value, the lower of two: a claim speaks of the middle network, not of the best. */
export function middleOf(values: readonly number[]): number {
  const order = values.map((value, k) => ({ value, k })).sort((a, b) => a.value - b.value || a.k - b.k);
  return order[Math.floor((order.length - 1) / 2)]!.k;
}

function circling(table: TokenTable): number {
  const { components, window } = fitTableHelix(table, windows[table.name as "Z" | "N"]);
  return helixStatistic(columnOf(components.scores, 1), columnOf(components.scores, 2), window.t).q;
}

function strength(table: TokenTable, structure: ComponentStructure): number {
  const { tokens, rows } = trainedTokens(table);
  const { scores } = pca(rows, { components: Math.min(structure.among, rows.cols, rows.rows - 1) });
  return strongestComponent(scores, tokens, structure).strength;
}
