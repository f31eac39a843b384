import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { assembleReportClaims } from "../claims/report-claims.ts";
import { demand, usageError } from "../core/errors.ts";
import { defaults, type Values } from "../core/params.ts";
import { toFloat64 } from "../data/array.ts";
import { csvFields, parseNumber } from "../data/csv.ts";
import { readNpy } from "../data/npy.ts";
import { sha256 } from "../data/sha256.ts";
import type { Provenance } from "../data/table.ts";
import { nature } from "../lenses/curvature/about.ts";
import { type ControlAxis, type Points, pointNames } from "../lenses/curvature/axis.ts";
import { curvatureLens } from "../lenses/curvature/lens.ts";
import type { CurvatureSubject } from "../lenses/curvature/subject.ts";
import { type Matrix, matrix } from "../linalg/matrix.ts";
import type { Study, StudyContext, StudyResult } from "./contract.ts";

const { damping, negative, rank, settled, directions, top, stationary, memory, nulls } = nature.params;

const params = {
  gradients: {
    type: "string",
    default: "",
    help: "NPY file with the gradient of every training sample's loss, without regulariser: samples × parameters.",
  },
  hessian: {
    type: "string",
    default: "",
    help: "NPY file with the Hessian of the mean training loss, regulariser included: parameters × parameters.",
  },
  testGradients: {
    type: "string",
    default: "",
    help: "NPY file with the gradient of the loss (or of the prediction) at every test point: points × parameters.",
  },
  parameters: {
    type: "string",
    default: "",
    help: "NPY file with the model's parameters; with them and the ridge it can be told whether they are at a minimum.",
  },
  ridge: {
    type: "number",
    default: 0,
    min: 0,
    max: 1e6,
    help: "Coefficient of ½‖θ‖² in the training loss (λ/n).",
  },
  control: {
    type: "string",
    default: "",
    help: "NPY or one-column CSV file with a control parameter of each training sample; without it they are numbered.",
  },
  testControl: {
    type: "string",
    default: "",
    help: "The same for the test points.",
  },
  outside: {
    type: "string",
    default: "",
    help: "NPY or one-column CSV file of 0 and 1: test points known to lie outside of the training data.",
  },
  name: { type: "string", default: "x", help: "Short name of the control parameter, of letters and digits." },
  curvature: {
    type: "choice",
    default: "exact",
    choices: ["exact", "low-rank"],
    help: "Take the given matrix as it is, or its leading eigenpairs only.",
  },
  ...{ damping, negative, rank, settled, directions, top, stationary, memory, nulls },
} as const;

type Options = Values<typeof params>;

/** The curvature lens on arrays of any origin: per-sample gradients and a Hessian. */
export const curvatureStudy: Study<typeof params> = {
  name: "curvature",
  question:
    "Given per-sample gradients and a Hessian: which training samples drove each prediction, how sure is it, does it extrapolate?",
  params,
  presets: { quick: {}, full: { nulls: 9999 } },
  estimate: () => ({
    seconds: 5,
    note: "for about a thousand parameters; eigenvalues take the cube of their number",
  }),
  run,
};

async function run(options: Options, context: StudyContext): Promise<StudyResult> {
  for (const name of ["gradients", "hessian", "testGradients"] as const) {
    if (options[name] === "") {
      const flags = "--gradients G.npy --hessian H.npy --test-gradients Q.npy";
      throw usageError(`study 'curvature': option '${name}' is missing; for example ${flags}`);
    }
  }
  const provenance: Provenance[] = [];
  const gradients = readMatrix(options.gradients, "gradients", "samples × parameters", provenance);
  const hessian = readMatrix(options.hessian, "hessian", "parameters × parameters", provenance);
  const asked = readMatrix(options.testGradients, "testGradients", "test points × parameters", provenance);
  const d = gradients.cols;
  demand(
    hessian.rows === d && hessian.cols === d,
    () =>
      `${basename(options.hessian)}: shape (${hessian.rows}, ${hessian.cols}), but ${basename(options.gradients)} has ${d} parameters a row; expected (${d}, ${d})`,
  );
  demand(
    asked.cols === d,
    () =>
      `${basename(options.testGradients)}: shape (${asked.rows}, ${asked.cols}), but ${basename(options.gradients)} has ${d} parameters a row`,
  );
  const axis: ControlAxis = { name: options.name, label: options.name, unit: "" };
  const flags =
    options.outside === "" ? undefined : readColumn(options.outside, "outside", asked.rows, provenance);
  const bad = flags?.findIndex((value) => value !== 0 && value !== 1) ?? -1;
  demand(bad < 0, () => `${basename(options.outside)}: value ${flags![bad]} at ${bad}; expected 0 or 1`);
  const parameters =
    options.parameters === "" ? undefined : readColumn(options.parameters, "parameters", d, provenance);
  const subject: CurvatureSubject = {
    id: "arrays",
    title: "the given model",
    about: {
      model: `a model of ${d} parameters (${basename(options.hessian)})`,
      data: `${gradients.rows} training samples (${basename(options.gradients)})`,
      seeds: [],
    },
    source: {
      kind: "arrays",
      gradients,
      hessian,
      ridge: options.ridge,
      ...(parameters ? { parameters } : {}),
    },
    axis,
    train: points(axis, options.control, "control", gradients.rows, provenance),
    tests: [
      {
        name: "test",
        points: points(axis, options.testControl, "testControl", asked.rows, provenance),
        gradients: asked,
        ...(flags ? { outside: Array.from(flags, (value) => value === 1) } : {}),
      },
    ],
    provenance,
  };
  const lens = Object.fromEntries(
    Object.keys(nature.params).flatMap((name) =>
      Object.hasOwn(options, name) ? [[name, options[name as keyof Options]]] : [],
    ),
  );
  const findings = await curvatureLens.look(
    subject,
    { ...defaults(nature.params), ...lens } as Values<typeof nature.params>,
    { task: context.task, random: context.random.fork("curvature") },
  );
  findings.diagnostics.push({
    level: "note",
    message:
      "Arrays hold no model: nothing can be retrained, predicted probabilities and gates are unknown, and gradients are taken as they are. That they were computed in evaluation mode, for one loss, is the sender's word.",
  });
  sumWarning(gradients, hessian, options, findings.diagnostics);
  return {
    asked: `${nature.question} For ${asked.rows} test points and ${gradients.rows} training samples of a model of ${d} parameters, given as arrays.`,
    summary: findings.summary,
    sections: [{ title: "Three answers from the given arrays", asked: nature.question, ...findings }],
    claims: assembleReportClaims(findings.claims ?? []),
    files: [],
    provenance,
    citations: nature.citations,
  };
}

/** Warns where the Hessian looks like a sum over samples: at a minimum its trace is about that of the mean of ggᵀ. */
function sumWarning(
  gradients: Matrix,
  hessian: Matrix,
  { ridge }: Options,
  diagnostics: StudyResult["sections"][number]["diagnostics"],
): void {
  const { rows: n, cols: d } = gradients;
  const second = gradients.data.reduce((sum, g) => sum + g * g, 0) / n;
  let trace = 0;
  for (let j = 0; j < d; j++) trace += hessian.data[j * d + j]! - ridge;
  if (!(second > 0) || n < 20 || trace / second < n / 3 || trace / second > 3 * n) return;
  diagnostics.push({
    level: "warning",
    message: `The Hessian's trace is ${(trace / second).toFixed(0)} times the mean squared length of the gradients, about the number of samples (${n}): it looks like the Hessian of a sum over samples. Influence needs that of the mean; divide it by ${n} if so.`,
  });
}

function points(
  axis: ControlAxis,
  path: string,
  option: "control" | "testControl",
  count: number,
  provenance: Provenance[],
): Points {
  const control =
    path === ""
      ? Float64Array.from({ length: count }, (_, i) => i)
      : readColumn(path, option, count, provenance);
  return { names: pointNames(axis.name, control), control };
}

function readMatrix(path: string, option: string, axes: string, provenance: Provenance[]): Matrix {
  const array = readNpy(readInput(path, option, provenance), basename(path));
  const [rows, cols] = array.shape;
  demand(
    array.shape.length === 2 && rows !== undefined && cols !== undefined,
    () => `${basename(path)}: an array of shape (${array.shape.join(", ")}); expected two axes, ${axes}`,
  );
  return matrix(rows, cols, toFloat64(array));
}

/** One number for each of `count`, from an NPY file or a CSV file with one column. */
function readColumn(path: string, option: string, count: number, provenance: Provenance[]): Float64Array {
  const bytes = readInput(path, option, provenance);
  const name = basename(path);
  let values: Float64Array;
  if (path.endsWith(".csv")) {
    const { header, rows, lines } = csvFields(bytes, name);
    demand(
      header.length === 1,
      () => `${name}: ${header.length} columns (${header.join(", ")}); expected one`,
    );
    values = Float64Array.from(rows, (row, i) => parseNumber(row[0]!, `${name}, line ${lines[i]}`));
  } else values = toFloat64(readNpy(bytes, name));
  demand(
    values.length === count,
    () => `${name} (option '${option}'): ${values.length} values; expected ${count}`,
  );
  return values;
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
  const name = basename(path);
  provenance.push({
    name,
    source: name,
    sha256: sha256(bytes),
    citation: `${name}, a file given to this run`,
  });
  return bytes;
}
