import { adamwState, adamwStep } from "../../optim/adamw.ts";
import type { NuclearOptions } from "./params.ts";

/** Seconds of one AdamW pass over 48 193 float32 parameters where the constants below were measured. */
const referencePass = 1.4e-4;

/**
 * Seconds the study takes: for each training step the network's matrix products at 150 GFLOP/s, 5 ns a parameter for
 * the optimiser and 0.1 ms of everything else; for each network the lens; the report. All that times how much slower
 * this computer passes over parameters just now than the one (two cores, AVX-512) where those constants were measured.
 * Nothing but the length of the wait depends on it.
 */
export function estimate(options: NuclearOptions, threads: number): { seconds: number; note: string } {
  const { width, depth, seeds, epochs, batch, fraction, tasks } = options;
  const vocabulary = 298;
  const nuclides = options.nuclides === "all" ? 3300 : 2450;
  const rows = nuclides * fraction * tasks.split(",").length;
  const size = batch > 1 ? batch : batch * rows;
  const parameters = width * (vocabulary + 3 * width + 2 * depth * width);
  const products = 6 * (size * width * (vocabulary + 2 * depth * width) + vocabulary * width * width);
  const precision = options.dtype === "float64" ? 2 : 1;
  const step = precision * (products / 150e9 + 5e-9 * parameters) + 1e-4;
  const steps = epochs * Math.max(1, Math.floor(rows / size));
  const rounds = Math.ceil(seeds / Math.max(1, threads));
  const training = rounds * steps * step;
  const evaluations = 80 * precision * 2 * 3300 * width * width * (3 + 2 * depth);
  const lenses = seeds * (0.5 + 0.009 * options.nulls + evaluations / 150e9);
  const seconds = slowness() * (training + lenses + 4);
  return {
    seconds,
    note: `${seeds} networks of width ${width}, ${epochs} epochs each, ${Math.min(seeds, Math.max(1, threads))} at a time`,
  };
}

function slowness(): number {
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
