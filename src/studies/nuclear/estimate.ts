import { adamwState, adamwStep } from "../../optim/adamw.ts";
import { auditSeconds } from "./audit-cost.ts";
import type { NuclearOptions } from "./params.ts";
import { rerunCount, rerunOptions } from "./reruns.ts";

/** Seconds of one AdamW pass over 48 193 float32 parameters where the constants below were measured. */
const referencePass = 1.6e-4;
/** What a run takes beside the sum of its parts, for cores that wait for one another: 276 s measured against 249. */
const waiting = 1.11;
/** Share of the nuclei within the middle three fifths. */
const middle = 0.6;
/** Seconds an evaluation of a formula on all nuclei; ten budgets are spent: five components, and as much on the energy. */
const formula = { seconds: 1e-4, budgets: 10 };
/** What a network that gathers its rows takes beside one that selects them by a product. */
const gathering = 0.9;

/**
 * Seconds the study takes. Its networks, the controls (one of a tenth of the nuclei) and the two networks without the
 * extreme fifths train several at a time; then the lenses, the claims and the audit run beside the reruns, until all
 * cores have done their share; then the report. All that times how much slower this computer passes over parameters
 * just now than the one (two cores, AVX-512) where the constants were measured. Nothing but the length of the wait
 * depends on it.
 */
export function estimate(options: NuclearOptions, threads: number): { seconds: number; note: string } {
  const { width, depth, seeds, epochs, reruns, nulls, extremeFifths } = options;
  const lanes = Math.max(1, threads);
  const one = costOf(options);
  const jobs = [
    ...new Array<number>(seeds + 1).fill(one),
    costOf(options, 0.1 / options.fraction),
    ...(extremeFifths ? new Array<number>(2).fill(gathering * costOf(options, middle)) : []),
  ];
  const training = Math.max(one, jobs.reduce((sum, job) => sum + job, 0) / lanes);
  const precision = options.dtype === "float64" ? 2 : 1;
  const evaluation = (precision * 2 * 3300 * width * width * (3 + 2 * depth)) / 150e9;
  const alone = seeds * (1.2 + 0.02 * nulls + 140 * evaluation) + 0.03 * nulls;
  const audit = auditSeconds(options, lanes, (compared) => gathering * costOf(compared));
  const own = rerunOptions(options);
  const beside = rerunCount(options) * gathering * costOf(own);
  const together = lanes < 2 ? alone + audit.seconds + beside : (alone + beside) / lanes + audit.seconds;
  const symbolic = (formula.budgets * formula.seconds * options.symbolic) / lanes;
  const rest = Math.max(alone + audit.seconds, together) + 0.3 * rerunCount(options) + 5 + symbolic;
  const more = reruns > 0 ? `, ${rerunCount(options)} of width ${own.width} more for the reruns` : "";
  const fifths = extremeFifths ? ", two without extreme fifths" : "";
  return {
    seconds: slowness() * waiting * (training + rest),
    note: `${seeds} networks and two controls of width ${width}${fifths}, ${epochs} epochs each, ${Math.min(seeds, lanes)} at a time${more}${audit.note && `; ${audit.note}`}`,
  };
}

/** Seconds of one network's training. */
export function trainingSeconds(options: NuclearOptions): number {
  return slowness() * costOf(options);
}

/**
 * Seconds of one network's training where the constants were measured: the matrix products at 150 GFLOP/s, 5 ns a
 * parameter for the optimiser and 0.1 ms of everything else in each step.
 * @param share of the training rows that this network learns
 */
function costOf(options: NuclearOptions, share = 1): number {
  const { width, depth, epochs, batch, fraction, tasks } = options;
  const vocabulary = 298;
  const nuclides = options.nuclides === "all" ? 3300 : 2450;
  const rows = share * nuclides * fraction * tasks.split(",").length;
  const size = batch > 1 ? batch : batch * rows;
  const parameters = width * (vocabulary + 3 * width + 2 * depth * width);
  const products = 6 * (size * width * (vocabulary + 2 * depth * width) + vocabulary * width * width);
  const precision = options.dtype === "float64" ? 2 : 1;
  const step = precision * (products / 150e9 + 5e-9 * parameters) + 1e-4;
  return epochs * Math.max(1, Math.floor(rows / size)) * step;
}

let slownessHere: number | undefined;

/** How much slower this machine is, measured once a process, so that estimates compare. */
function slowness(): number {
  slownessHere ??= Math.max(0.3, fastestPass() / referencePass);
  return slownessHere;
}

/** Seconds of the fastest of 30 passes, once small ones have let the runtime compile the step. */
function fastestPass(): number {
  const pass = (parameters: number) => {
    const [p, g, factor] = [0.1, 0.1, 1].map((value) => new Float32Array(parameters).fill(value));
    const state = adamwState(p!);
    const options = { learningRate: 1e-3, weightDecay: 0.01, rate: factor!, decay: factor! };
    return () => adamwStep(p!, g!, state, options);
  };
  const small = pass(256);
  for (let k = 0; k < 2000; k++) small();
  const whole = pass(48_193);
  let best = Number.POSITIVE_INFINITY;
  for (let k = 0; k < 30; k++) {
    const start = performance.now();
    whole();
    best = Math.min(best, performance.now() - start);
  }
  return best / 1000;
}
