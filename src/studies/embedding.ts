import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { demand, usageError } from "../core/errors.ts";
import { defaults, type Values } from "../core/params.ts";
import { toFloat64 } from "../data/array.ts";
import { csvFields, parseNumber } from "../data/csv.ts";
import { readNpy } from "../data/npy.ts";
import { sha256 } from "../data/sha256.ts";
import type { Provenance } from "../data/table.ts";
import { parseWindow } from "../lenses/embedding/helix-window.ts";
import { embeddingLens } from "../lenses/embedding/lens.ts";
import { subjectFromArrays } from "../lenses/embedding/subject.ts";
import { type Matrix, matrix } from "../linalg/matrix.ts";
import type { Study, StudyContext, StudyResult } from "./contract.ts";

const params = {
  data: {
    type: "string",
    default: "",
    help: "NPY file with the embeddings: tokens × dimensions, float32 or float64.",
  },
  labels: {
    type: "string",
    default: "",
    help: "CSV file with a whole number for each row of the embeddings; without it rows count from 0.",
  },
  column: {
    type: "string",
    default: "",
    help: "The labels' column; may be left out where the file has one column.",
  },
  name: {
    type: "string",
    default: "tokens",
    help: "Short name of the tokens, used in metric and file names.",
  },
  window: {
    type: "string",
    default: "",
    help: "Tokens of the helix fit, such as 40-119; without it all of them.",
  },
  marked: {
    type: "string",
    default: "",
    help: "Tokens to name in the pictures, such as 28,50,82.",
  },
  nulls: embeddingLens.params.nulls,
  smoothLength: embeddingLens.params.smoothLength,
} as const;

type Options = Values<typeof params>;

/** The embedding lens on arrays of any origin: a table of vectors and a column of whole numbers. */
export const embeddingStudy: Study<typeof params> = {
  name: "embedding",
  question: "How are the tokens of a given embedding table arranged: by size, by parity, on a helix?",
  params,
  presets: { quick: { nulls: 199 }, full: { nulls: 9999 } },
  estimate: ({ nulls }) => ({
    seconds: 1 + Math.ceil(0.004 * nulls),
    note: "for about a hundred tokens of a hundred dimensions; the null models take the time",
  }),
  run,
};

async function run(options: Options, context: StudyContext): Promise<StudyResult> {
  if (options.data === "") {
    throw usageError("study 'embedding': option 'data' is missing; for example --data embeddings.npy");
  }
  const provenance: Provenance[] = [];
  const rows = readEmbeddings(options.data, provenance);
  const labels = options.labels === "" ? counted(rows.rows) : readLabels(options, rows.rows, provenance);
  const window =
    options.window === ""
      ? ([Math.min(...labels), Math.max(...labels)] as const)
      : parseWindow(options.window, "option 'window'");
  const marked = readMarked(options.marked);
  const subject = subjectFromArrays(rows, labels, { name: options.name, window, marked, provenance });
  const findings = await embeddingLens.look(
    subject,
    {
      ...defaults(embeddingLens.params),
      nulls: options.nulls,
      smoothLength: options.smoothLength,
    },
    { task: context.task, random: context.random.fork("embedding") },
  );
  if (options.labels === "") {
    findings.diagnostics.push({ level: "note", message: "No labels were given: rows are numbered from 0." });
  }
  const shape = `${rows.rows} tokens of ${rows.cols} dimensions`;
  const { metrics } = findings;
  return {
    asked: `How are the ${shape} in ${basename(options.data)} arranged? ${embeddingLens.question}`,
    summary: [
      `The table holds ${shape}; the first principal component carries ${(100 * metrics[`pca.${options.name}.ev1`]!).toFixed(1)} % of the variance.`,
      `Along it ${(100 * metrics[`ordering.${options.name}`]!).toFixed(0)} % of neighbouring tokens are in order.`,
      ...findings.summary,
    ],
    sections: [{ title: "Arrangement of the tokens", asked: embeddingLens.question, ...findings }],
    files: [],
    provenance,
    citations: embeddingLens.citations,
  };
}

function readEmbeddings(path: string, provenance: Provenance[]): Matrix {
  const bytes = readInput(path, "data", provenance);
  const array = readNpy(bytes, path);
  const [rows, cols] = array.shape;
  demand(
    array.shape.length === 2 && rows !== undefined && cols !== undefined,
    () => `${path}: an array of shape (${array.shape.join(", ")}); expected two axes, tokens × dimensions`,
  );
  return matrix(rows, cols, toFloat64(array));
}

function readLabels({ labels: path, column }: Options, rows: number, provenance: Provenance[]): number[] {
  const fields = csvFields(readInput(path, "labels", provenance), path);
  const at = column === "" && fields.header.length === 1 ? 0 : fields.header.indexOf(column);
  if (at < 0) {
    const there = fields.header.join(", ");
    throw usageError(
      column === ""
        ? `${path}: several columns (${there}); say which holds the labels with option 'column'`
        : `${path}: no column '${column}'; there are: ${there}`,
    );
  }
  const labels = fields.rows.map((row, i) =>
    parseNumber(row[at]!, `${path}, line ${fields.lines[i]}, column '${fields.header[at]}'`),
  );
  demand(
    labels.length === rows,
    () => `${path}: ${labels.length} labels, but the embeddings have ${rows} rows; each row needs one`,
  );
  labels.forEach((label, i) => {
    const first = labels.indexOf(label);
    demand(
      first === i,
      () =>
        `${path}: label ${label} stands on lines ${fields.lines[first]} and ${fields.lines[i]}; labels must be unique`,
    );
  });
  return labels;
}

function readMarked(text: string): number[] {
  return text.split(",").flatMap((part) => {
    if (part.trim() === "") return [];
    const token = Number(part);
    if (Number.isInteger(token)) return [token];
    throw usageError(
      `option 'marked': expected whole numbers such as 28,50,82, got ${JSON.stringify(part.trim())}`,
    );
  });
}

function readInput(path: string, option: string, provenance: Provenance[]): Uint8Array {
  if (!existsSync(path)) throw usageError(`option '${option}': no file '${path}'`);
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    throw usageError(
      `option '${option}': cannot read '${path}': ${cause instanceof Error ? cause.message : cause}`,
    );
  }
  provenance.push({
    name: basename(path),
    source: basename(path),
    sha256: sha256(bytes),
    citation: `${basename(path)}, a file given to this run`,
  });
  return bytes;
}

function counted(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
