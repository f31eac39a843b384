import { randomWalk } from "../../claims/nulls/random-walk.ts";
import type { Random } from "../../core/random.ts";
import { type Matrix, matrix } from "../../linalg/matrix.ts";
import type { ConformanceCase } from "../conformance.ts";
import type { nature } from "./about.ts";
import { embeddingLens } from "./lens.ts";
import { plantedHelix } from "./planted-helix.ts";
import type { EmbeddingSubject, TokenTable, TruncationSite } from "./subject.ts";

const count = 60;
const width = 24;

/** Tries the embedding lens on a planted helix, on random walks, and on every kind of bad input. */
export const embeddingCase: ConformanceCase<EmbeddingSubject, typeof nature.params> = {
  lens: embeddingLens,
  options: { windowN: "0-59", nulls: 99, gridPoints: 8, maxComponents: 5 },
  planted: (random) => subject(plantedHelix(count, width, { turns: 2, noise: 0.05 }, random)),
  control: (random) => subject(randomWalk(count, width, random)),
  claims: ({ metrics }) => metrics["helix.N.p"]! <= 0.01 && metrics["helix.N.turns"]! >= 1.5,
  bad: [
    { what: "no table", subject: () => ({ tables: [] }), message: /no token table/ },
    {
      what: "a NaN",
      subject: bent((table) => {
        table.rows.data[7 * width + 3] = Number.NaN;
      }),
      message: /table 'N': row 7 \(token 7\), dimension 3 is NaN/,
    },
    {
      what: "a label too few",
      subject: bent((table) => ({ ...table, tokens: table.tokens.slice(1) })),
      message: /table 'N': 60 rows of embeddings but 59 labels/,
    },
    {
      what: "a flag too few",
      subject: bent((table) => ({ ...table, trained: table.trained.slice(1) })),
      message: /59 flags in 'trained'/,
    },
    {
      what: "a token twice",
      subject: bent((table) => ({ ...table, tokens: table.tokens.with(4, 9) })),
      message: /label 9 is given to rows 4 and 9/,
    },
    {
      what: "a token that is not whole",
      subject: bent((table) => ({ ...table, tokens: table.tokens.with(4, 4.5) })),
      message: /label 4.5 of row 4 is not a whole number/,
    },
    {
      what: "a name with a slash",
      subject: bent((table) => ({ ...table, name: "a/b" })),
      message: /table 'a\/b': a name is made of letters/,
    },
    {
      what: "nothing trained",
      subject: bent((table) => ({ ...table, trained: table.trained.map(() => false) })),
      message: /0 trained tokens of 60/,
    },
    {
      what: "two dimensions",
      subject: bent((table) => ({ ...table, rows: matrix(count, 2) })),
      message: /embeddings have 2 dimensions; needs at least 3/,
    },
    {
      what: "two tables of one name",
      subject: (random) => {
        const { tables } = subject(randomWalk(count, width, random));
        return { tables: [...tables, ...tables] };
      },
      message: /table 'N' is there twice/,
    },
    {
      what: "a window with too few tokens",
      options: { windowN: "50-90" },
      message: /table 'N': 10 trained tokens in the window 50–90/,
    },
    {
      what: "a window that is none",
      options: { windowN: "all" },
      message: /option 'windowN': expected a range/,
    },
    { what: "an unknown option", options: { window: "1-2" }, message: /unknown option 'window'/ },
    {
      what: "too few null models",
      options: { nulls: 3 },
      message: /'nulls': expected a whole number from 99/,
    },
    {
      what: "a probe of another table",
      subject: (random) => {
        const good = subject(randomWalk(count, width, random));
        return { ...good, probe: { ...good.probe!, table: "Q" } };
      },
      message: /probe: no table 'Q'; there are: N/,
    },
    {
      what: "a probe that answers with infinity",
      subject: (random) => {
        const good = subject(randomWalk(count, width, random));
        const evaluate = async (vectors: Matrix) =>
          new Float64Array(vectors.rows).fill(Number.POSITIVE_INFINITY);
        return { ...good, probe: { ...good.probe!, evaluate } };
      },
      message: /probe of table 'N' at Z = 20: value 0 is Infinity/,
    },
    {
      what: "a perturbation without a table Z",
      subject: (random) => {
        const predict = async () => new Float64Array(1);
        const perturbation = { z: [1], n: [1], predict, quantity: "energy", unit: "MeV", at: { z: 1, n: 1 } };
        return { ...subject(randomWalk(count, width, random)), perturbation };
      },
      message: /perturbation: no table 'Z'/,
    },
    {
      what: "a site whose error is NaN",
      subject: (random) => {
        const good = subject(randomWalk(count, width, random));
        return { ...good, sites: [{ ...good.sites![0]!, error: async () => Number.NaN }] };
      },
      message: /site 'N': the model's error with its own rows is NaN/,
    },
  ],
};

function subject(rows: Matrix): EmbeddingSubject {
  const tokens = Array.from({ length: count }, (_, i) => i);
  const first = Float64Array.from({ length: width }, (_, j) => rows.data[j]!);
  const along = (vectors: Matrix, i: number) =>
    first.reduce((sum, value, j) => sum + value * vectors.data[i * width + j]!, 0);
  const site: TruncationSite = {
    name: "N",
    rows,
    quantity: "RMS error",
    unit: "keV",
    error: async (cut) =>
      1 + Math.sqrt(cut.data.reduce((sum, value, k) => sum + (value - rows.data[k]!) ** 2, 0) / count),
  };
  return {
    tables: [{ name: "N", tokens, rows, trained: tokens.map(() => true) }],
    sites: [site],
    probe: {
      table: "N",
      fixed: "Z",
      fixedTokens: [20],
      quantity: "energy",
      unit: "MeV",
      exists: (token) => token > 10,
      evaluate: async (vectors) => Float64Array.from({ length: vectors.rows }, (_, i) => along(vectors, i)),
    },
  };
}

/** A subject whose only table is changed. */
function bent(change: (table: TokenTable) => TokenTable | undefined) {
  return (random: Random): EmbeddingSubject => {
    const table = subject(randomWalk(count, width, random)).tables[0]!;
    return { tables: [change(table) ?? table] };
  };
}
