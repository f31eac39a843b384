import { demand, UserError } from "../../core/errors.ts";
import type { Provenance } from "../../data/table.ts";
import type { Matrix } from "../../linalg/matrix.ts";
import { rowOf, takeRows } from "../../linalg/rows.ts";

/** A learned table of embeddings: one row a token, tokens being whole numbers with an order. */
export interface TokenTable {
  /** Short, unique, part of metric names: "Z", "N". */
  name: string;
  /** As printed on axes: "neutron number N". Default: the name. */
  label?: string;
  /** What each row stands for. */
  tokens: readonly number[];
  /** tokens × width. */
  rows: Matrix;
  /** Whether a row's token occurs in the training data. Rows that were never trained are noise and are left out. */
  trained: readonly boolean[];
  /** First and last token of the helix fit. Default: the lens's option for this table's name, else every token. */
  window?: readonly [number, number];
  /** Tokens that are written beside their points, such as magic numbers. */
  marked?: readonly number[];
}

/** Rows inside a model whose principal components can be cut off: an embedding table or a layer's activations. */
export interface TruncationSite {
  /** Short, unique, part of metric names: "penultimate". */
  name: string;
  /** As printed in the legend. Default: the name. */
  label?: string;
  rows: Matrix;
  /** Rows that take part; the others are handed back untouched. Default: all. */
  use?: readonly boolean[];
  /** The model's error when it computes with `rows` in place of its own. */
  error(rows: Matrix): Promise<number>;
  /** What `error` is: "RMS error of the binding energy". */
  quantity: string;
  unit: string;
  /** Errors to compare with, such as a fitted formula's. */
  references?: readonly { label: string; value: number }[];
}

/** A way to ask the model about embeddings that belong to no token. */
export interface TopographyProbe {
  /** The table whose latent space is mapped. */
  table: string;
  /** What is held fixed: "N", and at which tokens. */
  fixed: string;
  fixedTokens: readonly number[];
  /** The model's output for each row of `vectors` (points × width) in place of the table's embedding. */
  evaluate(vectors: Matrix, fixedToken: number): Promise<Float64Array>;
  /** What `evaluate` gives: "predicted binding energy". */
  quantity: string;
  unit: string;
  /** Whether the combination of a table's token and a fixed token is in the data: only those are overlaid. */
  exists(token: number, fixedToken: number): boolean;
}

/** A way to ask the model about changed tables named Z and N, pair by pair. */
export interface PerturbationProbe {
  /** Tokens of the pairs that exist, one pair an entry. */
  z: ArrayLike<number>;
  n: ArrayLike<number>;
  /** The model's output at every pair when it computes with these tables (all rows, trained or not) in place of its own. */
  predict(tables: { Z: Matrix; N: Matrix }): Promise<Float64Array>;
  /** What `predict` gives: "predicted binding energy per nucleon". */
  quantity: string;
  /** "MeV" */
  unit: string;
  /** Where curves are drawn: over Z at this N, over N at this Z. */
  at: { z: number; n: number };
}

/** What the embedding lens looks at: one trained model. */
export interface EmbeddingSubject {
  tables: readonly TokenTable[];
  sites?: readonly TruncationSite[];
  probe?: TopographyProbe;
  /** With tables named Z and N: what happens when their helices are drawn with other parameters. */
  perturbation?: PerturbationProbe;
  /** Goes into every table and figure's data. */
  provenance?: readonly Provenance[];
}

/** The trained tokens of a table in rising order, with their rows. */
export interface TrainedTokens {
  tokens: number[];
  rows: Matrix;
}

/** The trained rows of `table` within [from, to], by rising token. */
export function trainedTokens(
  table: TokenTable,
  [from, to]: readonly [number, number] = [-Infinity, Infinity],
): TrainedTokens {
  const order = table.tokens
    .map((token, row) => ({ token, row }))
    .filter(({ token, row }) => table.trained[row] && token >= from && token <= to)
    .sort((a, b) => a.token - b.token);
  return {
    tokens: order.map(({ token }) => token),
    rows: takeRows(
      table.rows,
      order.map(({ row }) => row),
    ),
  };
}

/**
 * A subject from arrays of any origin: one table, rows labelled by whole numbers. Every token counts as trained unless
 * `trained` says otherwise.
 * @throws UserError naming a count that does not match, a NaN, a label that is no whole number or occurs twice.
 */
export function subjectFromArrays(
  embeddings: Matrix,
  labels: readonly number[],
  options: {
    name?: string;
    label?: string;
    trained?: readonly boolean[];
    window?: readonly [number, number];
    marked?: readonly number[];
    provenance?: readonly Provenance[];
  } = {},
): EmbeddingSubject {
  const { name = "tokens", trained = labels.map(() => true), provenance = [], ...more } = options;
  const subject = { tables: [{ name, tokens: labels, rows: embeddings, trained, ...more }], provenance };
  checkSubject(subject);
  return subject;
}

/** Refuses a subject that cannot be looked at. @throws UserError naming the table, site or probe and what is wrong. */
export function checkSubject(subject: EmbeddingSubject): void {
  demand(subject.tables.length > 0, () => "embedding lens: the subject has no token table");
  const names = subject.tables.map((table) => table.name);
  for (const table of subject.tables) checkTable(table);
  refuseTwice(names, "table");
  const sites = subject.sites ?? [];
  refuseTwice(
    sites.map((site) => site.name),
    "site",
  );
  for (const { name, rows, use } of sites) {
    demand(
      use === undefined || use.length === rows.rows,
      () => `embedding lens, site '${name}': ${rows.rows} rows but ${use!.length} flags in 'use'`,
    );
    checkFinite(rows, `embedding lens, site '${name}'`, (row) => `row ${row}`);
  }
  if (subject.perturbation) {
    const missing = ["Z", "N"].find((name) => !names.includes(name));
    demand(
      missing === undefined,
      () => `embedding lens, perturbation: no table '${missing}'; it needs tables Z and N`,
    );
  }
  const { probe } = subject;
  if (!probe) return;
  demand(
    names.includes(probe.table),
    () => `embedding lens, probe: no table '${probe.table}'; there are: ${names.join(", ")}`,
  );
  demand(
    probe.fixedTokens.length > 0,
    () => "embedding lens, probe: 'fixedTokens' is empty; name at least one",
  );
}

function checkTable({ name, tokens, rows, trained }: TokenTable): void {
  const where = `embedding lens, table '${name}'`;
  demand(
    /^[\w-]+$/.test(name),
    () =>
      `${where}: a name is made of letters, digits, _ and -, for it becomes part of file and metric names`,
  );
  demand(
    tokens.length === rows.rows,
    () => `${where}: ${rows.rows} rows of embeddings but ${tokens.length} labels; each row needs one`,
  );
  demand(
    trained.length === rows.rows,
    () => `${where}: ${rows.rows} rows of embeddings but ${trained.length} flags in 'trained'`,
  );
  tokens.forEach((token, row) => {
    demand(
      Number.isInteger(token),
      () => `${where}: label ${token} of row ${row} is not a whole number; orderedness and parity need those`,
    );
  });
  const seen = new Map<number, number>();
  tokens.forEach((token, row) => {
    demand(
      !seen.has(token),
      () => `${where}: label ${token} is given to rows ${seen.get(token)} and ${row}; labels must be unique`,
    );
    seen.set(token, row);
  });
  checkFinite(rows, where, (row) => `row ${row} (token ${tokens[row]})`);
  const count = trained.filter(Boolean).length;
  demand(
    count >= 4,
    () => `${where}: ${count} trained tokens of ${rows.rows}; needs at least 4 for principal components`,
  );
  demand(
    rows.cols >= 3,
    () =>
      `${where}: embeddings have ${rows.cols} dimensions; needs at least 3 for three principal components`,
  );
}

function checkFinite(rows: Matrix, where: string, place: (row: number) => string): void {
  for (let i = 0; i < rows.rows; i++) {
    const at = rowOf(rows, i).findIndex((value) => !Number.isFinite(value));
    if (at < 0) continue;
    throw new UserError(
      `${where}: ${place(i)}, dimension ${at} is ${rowOf(rows, i)[at]}; expected finite numbers`,
    );
  }
}

function refuseTwice(names: readonly string[], what: string): void {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  demand(twice === undefined, () => `embedding lens: ${what} '${twice}' is there twice`);
}
