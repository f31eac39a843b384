import { UserError, usageError } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import { filterRows, selectRows } from "../../data/select.ts";
import { findDataset } from "../../data/store.ts";
import { numbers, type Table } from "../../data/table.ts";
import type { Samples } from "../../models/samples.ts";
import { nuclearDatasets } from "../../physics/nuclear/datasets.ts";
import { npmMasses } from "../../physics/nuclear/npm-masses.ts";
import { nucleiOf } from "../../physics/nuclear/nuclides.ts";
import { deriveTargets, tabulatedTargets } from "../../physics/nuclear/observables.ts";
import { type Split, splitEntries } from "../../physics/nuclear/splits.ts";
import { physlensHome } from "../../runs/home.ts";
import type { NuclearOptions } from "./params.ts";
import { type LearnedTask, parseTasks } from "./tasks.ts";

/** One value to learn or to predict: which nuclide, which task. */
export interface NuclearTarget {
  /** Row of `NuclearData.table`. */
  nucleus: number;
  task: number;
  value: number;
  uncertainty: number;
  measured: boolean;
  partners: readonly number[];
}

/** What the study learns from. */
export interface NuclearData {
  /** All nuclides of the source. */
  source: Table;
  /** Those with enough protons and neutrons: the chart that predictions cover. */
  chart: Table;
  /** Those of them that take part: with a binding energy, measured if only those were asked for. */
  table: Table;
  /** Row of `chart` of every row of `table`. */
  chartRow: Int32Array;
  tasks: readonly LearnedTask[];
  targets: readonly NuclearTarget[];
  /** The targets as the model takes them, row by row. */
  samples: Samples;
  split: Split;
  /** Validation targets whose Z and N both occur in training: what the model can be asked. */
  validation: Int32Array;
  /** Flags by token: does it occur in training? */
  trainedZ: boolean[];
  trainedN: boolean[];
}

/** Reads the masses, cuts, derives targets and splits. The split depends on `random` alone. */
export async function nuclearData(options: NuclearOptions, random: Random): Promise<NuclearData> {
  const tasks = parseTasks(options.tasks);
  const source = await readMasses(options.data);
  const { z, n } = nucleiOf(source);
  const chart = filterRows(source, (i) => z[i]! >= options.minZ && n[i]! >= options.minN);
  const binding = numbers(chart, "binding").values;
  const measured = numbers(chart, "measured").values;
  const chartRow = Int32Array.from({ length: chart.rows }, (_, i) => i).filter(
    (i) => !Number.isNaN(binding[i]!) && (options.nuclides === "all" || measured[i] === 1),
  );
  const table = selectRows(chart, chartRow);
  if (table.rows < 10) {
    throw new UserError(
      `study 'nuclear': ${table.rows} nuclides with Z ≥ ${options.minZ} and N ≥ ${options.minN}; expected at least 10: lower minZ or minN`,
    );
  }
  const targets = tasks.flatMap((task, index) => targetsOf(table, task, index));
  const nuclei = nucleiOf(table);
  const split = splitEntries({
    kind: options.split,
    nuclei,
    entries: targets,
    fraction: options.fraction,
    edge: options.edge,
    random: random.fork("split"),
  });
  const samples = {
    z: Int32Array.from(targets, ({ nucleus }) => nuclei.z[nucleus]!),
    n: Int32Array.from(targets, ({ nucleus }) => nuclei.n[nucleus]!),
    task: Int32Array.from(targets, ({ task }) => task),
    value: Float64Array.from(targets, ({ value }) => value),
    ...weights(options, tasks, targets),
  };
  const trained = (tokens: Int32Array) => {
    const flags = new Array<boolean>(Math.max(...tokens) + 1).fill(false);
    for (const i of split.train) flags[tokens[i]!] = true;
    return flags;
  };
  const [trainedZ, trainedN] = [trained(samples.z), trained(samples.n)];
  const validation = split.validation.filter((i) => trainedZ[samples.z[i]!] && trainedN[samples.n[i]!]);
  if (!validation.some((i) => samples.task[i] === 0)) {
    throw new UserError(
      "study 'nuclear': no held-out binding energy has a Z and an N that train; change split or fraction",
    );
  }
  return { source, chart, table, chartRow, tasks, targets, samples, split, validation, trainedZ, trainedN };
}

/** The neutron numbers of option 'fixedN'. @throws UserError (exit status 2) for one that never trains. */
export function fixedNeutrons(text: string, { trainedN }: NuclearData): number[] {
  return text.split(",").map((part) => {
    const token = Number(part);
    if (part.trim() !== "" && trainedN[token]) return token;
    throw usageError(
      `option 'fixedN': ${JSON.stringify(part.trim())} is no neutron number of the training data; for example 50,82,126`,
    );
  });
}

async function readMasses(name: NuclearOptions["data"]): Promise<Table> {
  if (name === "npm") return npmMasses();
  const stored = await findDataset({ home: physlensHome(), catalogue: nuclearDatasets, name });
  if (stored) return stored.table;
  throw usageError(
    `option 'data': the data set '${name}' is not there; add it with: physlens data add ${name} --file F`,
  );
}

function targetsOf(table: Table, { name, kind }: LearnedTask, task: number): NuclearTarget[] {
  if (kind === "token") {
    const values = numbers(table, name).values;
    return Array.from(values, (value, nucleus) => ({
      nucleus,
      task,
      value,
      uncertainty: 0,
      measured: true,
      partners: [],
    }));
  }
  const found = kind === "table" ? tabulatedTargets(table, [name]) : deriveTargets(table, [name]);
  return found.map((target) => ({ ...target, task }));
}

/** 1/(σ² + modelError²), scaled to mean 1 within each task measured in keV; the other tasks keep weight 1. */
function weights(
  { weighting, modelError }: NuclearOptions,
  tasks: readonly LearnedTask[],
  targets: readonly NuclearTarget[],
): { weight?: Float64Array } {
  if (weighting === "none") return {};
  const weight = Float64Array.from(targets, ({ task, nucleus, uncertainty }) => {
    if (tasks[task]!.unit !== "keV") return 1;
    const variance = uncertainty ** 2 + modelError ** 2;
    if (variance > 0 && variance < Infinity) return 1 / variance;
    throw new UserError(
      `study 'nuclear': ${tasks[task]!.name} of nuclide ${nucleus} has uncertainty ${uncertainty} keV; weighting needs one: give modelError or use --weighting none`,
    );
  });
  tasks.forEach(({ unit }, task) => {
    if (unit !== "keV") return;
    const rows = targets.map((_, i) => i).filter((i) => targets[i]!.task === task);
    const mean = rows.reduce((sum, i) => sum + weight[i]!, 0) / rows.length;
    for (const i of rows) weight[i]! /= mean;
  });
  return { weight };
}
