import { adamwState, adamwStep } from "../../optim/adamw.ts";
import { auditSeconds } from "./audit-cost.ts";
import type { NuclearOptions } from "./params.ts";

/** Seconds of one AdamW pass over 48 193 float32 parameters where the constants below were measured. */
const referencePass = 1.4e-4;

/**
 * Seconds the study takes: its networks, the controls (one of a tenth of the nuclei) and reruns; for each network the
 * two lenses; the claims; the audit; the report. All that times how much slower this computer passes over parameters just now than
 * the one (two cores, AVX-512) where the constants were measured. Nothing but the length of the wait depends on it.
 */
export function estimate(options: NuclearOptions, threads: number): { seconds: number; note: string } {
  const { width, depth, seeds, epochs, reruns, nulls } = options;
  const { steps, step } = stepsOf(options);
  const lanes = Math.max(1, threads);
  const rounds = Math.ceil((seeds + 1.5) / lanes) + Math.ceil(reruns / lanes);
  const training = rounds * steps * step;
  const precision = options.dtype === "float64" ? 2 : 1;
  const evaluation = (precision * 2 * 3300 * width * width * (3 + 2 * depth)) / 150e9;
  const lenses = seeds * (1.2 + 0.02 * nulls + 140 * evaluation);
  const audit = auditSeconds(options, lanes, (own) => {
    const { steps: count, step: each } = stepsOf(own);
    return count * each;
  });
  const seconds = slowness() * (training + lenses + 0.025 * nulls + 5 + audit.seconds);
  const more = reruns > 0 ? `, ${reruns} more on permuted targets` : "";
  return {
    seconds,
    note: `${seeds} networks and two controls of width ${width}, ${epochs} epochs each, ${Math.min(seeds, lanes)} at a time${more}${audit.note && `; ${audit.note}`}`,
  };
}

/** Seconds of one network's training. */
export function trainingSeconds(options: NuclearOptions): number {
  const { steps, step } = stepsOf(options);
  return slowness() * steps * step;
}

/**
 * Training steps of a network and seconds of one: the matrix products at 150 GFLOP/s, 5 ns a parameter for the
 * optimiser and 0.1 ms of everything else.
 */
function stepsOf(options: NuclearOptions): { steps: number; step: number } {
  const { width, depth, epochs, batch, fraction, tasks } = options;
  const vocabulary = 298;
  const nuclides = options.nuclides === "all" ? 3300 : 2450;
  const rows = nuclides * fraction * tasks.split(",").length;
  const size = batch > 1 ? batch : batch * rows;
  const parameters = width * (vocabulary + 3 * width + 2 * depth * width);
  const products = 6 * (size * width * (vocabulary + 2 * depth * width) + vocabulary * width * width);
  const precision = options.dtype === "float64" ? 2 : 1;
  const step = precision * (products / 150e9 + 5e-9 * parameters) + 1e-4;
  return { steps: epochs * Math.max(1, Math.floor(rows / size)), step };
}

let slownessHere: number | undefined;

/** How much slower this machine is, measured once a process, so that estimates compare. */
function slowness(): number {
  slownessHere ??= measureSlowness();
  return slownessHere;
}

function measureSlowness(): number {
  const p = new Float32Array(48_193).fill(0.1);
  const g = p.slice();
  const state = adamwState(p);
  let best = Number.POSITIVE_INFINITY;
  for (let k = 0; k < 40; k++) {
    const start = performance.now();
    adamwStep(p, g, state, { learningRate: 1e-3, rate: g, decay: g });
    best = Math.min(best, performance.now() - start);
  }
  return Math.max(0.3, best / 1000 / referencePass);
}
