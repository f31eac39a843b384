import { usageError } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import { quietTask, type Task } from "../../core/task.ts";
import { numberColumn, type Table, textColumn } from "../../data/table.ts";
import { mean, variance } from "../../stats/describe.ts";
import { type BaselineScore, scoreBaselines } from "./baseline-scores.ts";
import type { BindingData } from "./fits.ts";
import { type HoldOutKind, holdOutNuclei } from "./hold-out.ts";
import type { MassBaseline } from "./mass-baseline.ts";
import { massBaselines } from "./mass-baselines.ts";

/** The error of one baseline on one split. */
export interface RefereeScore extends BaselineScore {
  baseline: MassBaseline;
  how: HoldOutKind;
  split: number;
}

interface RefereeOptions {
  /** Fractions of the nuclei that train; 0.1, 0.5, 0.9. Held-out nuclei count where their Z and N both train. */
  fractions?: readonly number[];
  /** Random splits a fraction; 10. */
  splits?: number;
  /** Outermost isotopes to hold out a side, one entry each: the extrapolation of `splitEntries`. None by default. */
  edges?: readonly number[];
  baselines?: readonly MassBaseline[];
  random: Random;
  task?: Task;
}

/**
 * Errors of every baseline on nuclei held out, split by split: the values behind {@link refereeTable}. The split of a
 * fraction and number is the same for all baselines. An extrapolation is one split.
 */
export async function refereeScores(data: BindingData, options: RefereeOptions): Promise<RefereeScore[]> {
  const { fractions = [0.1, 0.5, 0.9], splits = 10, edges = [], baselines = massBaselines } = options;
  const { random, task = quietTask } = options;
  if (!Number.isInteger(splits) || splits < 1) {
    throw usageError(`refereeTable: ${splits} splits; expected a whole number of at least 1`);
  }
  const jobs: { how: HoldOutKind; split: number }[] = [
    ...fractions.flatMap((fraction) =>
      Array.from({ length: splits }, (_, split) => ({ how: { kind: "nuclei" as const, fraction }, split })),
    ),
    ...edges.map((edge) => ({ how: { kind: "extrapolate" as const, edge }, split: 0 })),
  ];
  if (jobs.length === 0 || baselines.length === 0) {
    throw usageError("refereeTable: nothing to do; give fractions or edges, and baselines");
  }
  const costs = jobs.map(({ how }) => (how.kind === "nuclei" ? how.fraction ** 3 : 1));
  const total = costs.reduce((sum, cost) => sum + cost, 0);
  const scores: RefereeScore[] = [];
  let done = 0;
  for (const [k, { how, split }] of jobs.entries()) {
    const path = how.kind === "nuclei" ? ["fraction", how.fraction, split] : ["edge", how.edge];
    const held = holdOutNuclei(data, { ...how, random: random.fork("split", ...path) });
    const part = task.part(done / total, (done + costs[k]!) / total, splitName(how));
    const found = await scoreBaselines(baselines, held, random.fork("fit", ...path), part);
    scores.push(...found.map(({ baseline, score }) => ({ ...score, baseline, how, split })));
    done += costs[k]!;
  }
  return scores;
}

/**
 * What a referee asks for: every baseline's error on nuclei that were held out whole. A row a baseline and split:
 * columns name, baseline, definition, split ("train 0.1", "extrapolate 2"), splits, nuclei (mean held out), rms (keV,
 * mean over the splits, with their standard deviation as its uncertainty), median (keV, of the absolute error, mean
 * over the splits), coverage_68 and coverage_95 (shares inside the stated intervals; NaN where none are stated).
 * The protocol for random nuclei is that of Figure 9 of Kitouni et al. (arXiv:2405.17425). Time at fraction 0.9 of all
 * 3245 masses above 8: some twenty seconds a split for each of the two Gaussian processes, below a second for the rest.
 * @param data nuclei with binding energies: `bindingData` of a cut of a mass table.
 */
export async function refereeTable(data: BindingData, options: RefereeOptions): Promise<Table> {
  return summariseScores(await refereeScores(data, options));
}

/** {@link refereeTable} from the scores, for who needs both. */
export function summariseScores(scores: readonly RefereeScore[]): Table {
  const groups = [
    ...Map.groupBy(scores, ({ baseline, how }) => `${splitName(how)}\n${baseline.name}`).values(),
  ];
  const average = (of: (score: RefereeScore) => number) => groups.map((group) => mean(group.map(of)));
  const first = groups.map((group) => group[0]!);
  const spread = groups.map((group) => Math.sqrt(variance(group.map((score) => score.rms))));
  return {
    name: "baselines on held-out nuclei",
    rows: groups.length,
    provenance: [],
    columns: [
      textColumn(
        "name",
        first.map((score) => score.baseline.name),
      ),
      textColumn(
        "baseline",
        first.map((score) => score.baseline.title),
      ),
      textColumn(
        "definition",
        first.map((score) => score.baseline.help),
      ),
      textColumn(
        "split",
        first.map((score) => splitName(score.how)),
      ),
      numberColumn(
        "splits",
        "",
        groups.map((group) => group.length),
      ),
      numberColumn(
        "nuclei",
        "",
        average((score) => score.nuclei),
        { help: "held-out nuclei, mean over the splits" },
      ),
      numberColumn(
        "rms",
        "keV",
        average((score) => score.rms),
        {
          help: "RMS error, mean and standard deviation over the splits",
          uncertainty: Float64Array.from(spread),
        },
      ),
      numberColumn(
        "median",
        "keV",
        average((score) => score.median),
        { help: "median absolute error, mean over the splits" },
      ),
      numberColumn(
        "coverage_68",
        "",
        average((score) => score.coverage68),
        { help: "share of nuclei inside the stated 68 % interval" },
      ),
      numberColumn(
        "coverage_95",
        "",
        average((score) => score.coverage95),
        { help: "share of nuclei inside the stated 95 % interval" },
      ),
    ],
  };
}

function splitName(how: HoldOutKind): string {
  return how.kind === "nuclei" ? `train ${how.fraction}` : `extrapolate ${how.edge}`;
}
