import { usageError } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import { type ControlAxis, type Points, pointNames } from "../../lenses/curvature/axis.ts";
import type { TestSet } from "../../lenses/curvature/subject.ts";
import { publishedChainNetRange } from "../../models/sequential/chain-net.ts";
import { type Cut, cuts } from "../../physics/chain/cuts.ts";
import { geomspace, linspace, permutedRows } from "../../physics/chain/grids.ts";
import {
  type ChainSet,
  chainSet,
  evenTestSet,
  mixedTestSet,
  permuteRows,
  trainingSet,
} from "../../physics/chain/sets.ts";
import { samplesOf } from "./network-job.ts";
import type { PhasesOptions } from "./params.ts";

/** A cut as this study takes it: the states, the labels the network sees, and the phases it does not see. */
export interface PhasesData {
  cutName: PhasesOptions["cut"];
  cut: Cut;
  axis: ControlAxis;
  /** Names of the classes the network is trained on. */
  classes: string[];
  train: LabelledSet;
  even: LabelledSet;
  mixed: LabelledSet;
  /** Many states along the cut, to find where the prediction changes. */
  scan: LabelledSet;
  /** The label rule in words. */
  rule: string;
}

/** A chain set with the class the network is given, and the phase it belongs to by the cut's own rule. */
export interface LabelledSet {
  set: ChainSet;
  /** What the network is given: the amplitudes, for published weights scaled as they were trained. */
  inputs: Float64Array;
  labels: Float64Array;
  phase: string[];
}

/** The chain cut behind an option: LL and BO under one label are the three-class cut with two labels joined. */
export function cutOf(name: PhasesOptions["cut"]): Cut {
  return name === "hidden" ? cuts.three : cuts[name];
}

/** The sets of the study along one cut. */
export async function phasesData(
  cutName: PhasesOptions["cut"],
  { L, points, recipe, weights }: Pick<PhasesOptions, "L" | "points" | "recipe" | "weights">,
  { task, random, threads }: { task: Task; random: Random; threads: number },
): Promise<PhasesData> {
  const cut = cutOf(cutName);
  const how = (from: number, to: number) => ({ L, task: task.part(from, to), threads });
  const scaled = recipe === "shipped" || weights !== "";
  const joined = (set: ChainSet) => labelled(set, { hidden: cutName === "hidden", scaled });
  const published = cutName === "cdw1";
  const between = cut.grid.flatMap(([from, to], k) =>
    k === cut.grid.length - 1 && cut.grid.length > 1
      ? geomspace(from * 1.01, 0.975 * to, 30)
      : linspace(from + 0.005 * (to - from), to, 20, { open: true }),
  );
  task.report(0, "ground states of the training set");
  const train = await trainingSet({ ...how(0, 0.7), cut, points });
  task.report(0.7, "ground states of the test sets");
  const even = published
    ? await evenTestSet(how(0.7, 0.8))
    : await chainSet({ ...how(0.7, 0.8), name: "even", cut, values: between });
  const mixed = published
    ? await mixedTestSet({ ...how(0.8, 0.9), random: random.fork("permuted amplitudes") })
    : permuteRows({ ...even, name: "mixed" }, permutedRows, random.fork("permuted amplitudes"));
  const scan = await chainSet({ ...how(0.9, 1), name: "scan", cut, values: scanValues(cut) });
  const classes =
    cutName === "hidden" ? [`${train.classes[0]} or ${train.classes[1]}`, train.classes[2]!] : train.classes;
  return {
    cutName,
    cut,
    axis: axisOf(cut),
    classes,
    train: joined(train),
    even: joined(even),
    mixed: joined(mixed),
    scan: joined(scan),
    rule: train.rule,
  };
}

/** Control values for scanning a cut: close together up to 5, then in equal ratios. */
export function scanValues(cut: Cut): number[] {
  const most = cut.grid.at(-1)![1];
  return [...linspace(0, 5, 201), ...geomspace(5.05, most, 60)];
}

/** The control axis of a cut, symmetric-logarithmic as in the papers' figures. */
export function axisOf(cut: Cut): ControlAxis {
  const most = cut.grid.at(-1)![1];
  return {
    name: cut.control,
    label: `${cut.control}/J`,
    unit: "",
    linearBelow: 1,
    ticks: [0, 0.5, 1, 2, 3, 5, 7, 10, 20, 40].filter((tick) => tick <= most),
  };
}

/** A set as points of the lens. */
export function pointsOf({ set, phase }: LabelledSet, axis: ControlAxis): Points {
  return { names: pointNames(axis.name, set.control), control: set.control, phase };
}

/** A set as a test set of the lens. Rows with permuted amplitudes are known to be outside, and have no label. */
export function testSetOf(one: LabelledSet, axis: ControlAxis, more: Pick<TestSet, "outside"> = {}): TestSet {
  const { set, inputs, labels } = one;
  const permuted = set.permuted.some(Boolean);
  return {
    name: set.name,
    points: pointsOf(one, axis),
    samples: samplesOf({ states: inputs, labels }),
    labelled: !permuted,
    ...(permuted ? { outside: set.permuted } : {}),
    ...more,
  };
}

/** A list of whole numbers or words from an option's text. */
export function listOf(text: string): string[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

/** Ring sizes from the option's text. @throws UserError for one that is no even number from 8 to 16. */
export function sizesOf(text: string): number[] {
  return listOf(text)
    .map((part) => {
      const L = Number(part);
      if (Number.isInteger(L) && L % 2 === 0 && L >= 8 && L <= 16) return L;
      throw usageError(
        `option 'sizes': '${part}'; expected even numbers of sites from 8 to 16, such as 8,10,12`,
      );
    })
    .sort((a, b) => a - b);
}

/** A set with the network's inputs and labels. */
export function labelled(
  set: ChainSet,
  { hidden = false, scaled = false }: { hidden?: boolean; scaled?: boolean } = {},
): LabelledSet {
  const { min, max } = publishedChainNetRange;
  return {
    set,
    inputs: scaled ? set.states.data.map((x) => (x - min) / (max - min)) : set.states.data,
    labels: hidden ? set.labels.map((label) => (label === 2 ? 1 : 0)) : set.labels,
    phase: Array.from(set.labels, (label) => set.classes[label]!),
  };
}
