import type { SearchProblem, SearchState } from "./contract.ts";
import type { Hall } from "./hall.ts";
import { type Best, type IslandState, packGenome, unpackGenome } from "./island.ts";
import type { SearchSetting } from "./job.ts";
import type { View } from "./view.ts";

/** All of a search between two rounds. */
export interface Progress {
  round: number;
  evaluations: number;
  hall: Hall;
  views: View[];
  /** The island's view, by number. */
  viewOf: number[];
  islands: IslandState[];
  /** For each view the best of each complexity, as parts. */
  archives: (Best | undefined)[][];
}

/** The state as text; numbers come back as they were. */
export function packState(progress: Progress, fingerprint: string): SearchState {
  const json = JSON.stringify(progress, (_, value: unknown) => {
    if (value instanceof Float64Array)
      return { f64: Array.from(value, (v) => (Number.isFinite(v) ? v : String(v))) };
    if (isGenome(value)) return { genome: packGenome(value) };
    return typeof value === "number" && !Number.isFinite(value) ? { number: String(value) } : value;
  });
  return { version: 1, fingerprint, json };
}

export function unpackState(state: SearchState): Progress {
  return JSON.parse(state.json, (_, value: unknown) => {
    if (value === null) return undefined;
    if (typeof value !== "object") return value;
    if ("f64" in value) return Float64Array.from(value.f64 as (number | string)[], Number);
    if ("genome" in value) return unpackGenome(value.genome as [number[], number[]]);
    if ("number" in value) return Number(value.number);
    return value;
  }) as Progress;
}

const isGenome = (value: unknown): value is { tokens: Int32Array; constants: Float64Array } =>
  typeof value === "object" && value !== null && "tokens" in value && value.tokens instanceof Int32Array;

/** Stands for the problem and all options that shape the result. */
export function fingerprintOf(problem: SearchProblem, setting: SearchSetting, more: unknown): string {
  let hash = 0x811c9dc5;
  let second = 0x1234567;
  const mix = (word: number) => {
    hash = Math.imul(hash ^ word, 0x01000193);
    second = Math.imul(second ^ word ^ (second >>> 13), 0x85ebca6b);
  };
  const numbers = (values: Float64Array) => {
    const words = new Int32Array(values.slice().buffer);
    for (const word of words) mix(word);
  };
  for (const column of problem.columns) numbers(column);
  numbers(problem.target);
  if (problem.weights) numbers(problem.weights);
  for (const errors of problem.inputErrors ?? []) if (errors) numbers(errors);
  const operators = Array.isArray(setting.operators)
    ? setting.operators
    : [...(setting.operators as ReadonlyMap<string, { complexity?: number }>)].map(([name, o]) => [
        name,
        o.complexity,
      ]);
  const { problem: _, enough: __, key: ___, ...rest } = setting;
  const text = JSON.stringify([problem.names, problem.dimensions, { ...rest, operators }, more]);
  for (let i = 0; i < text.length; i++) mix(text.charCodeAt(i));
  return (hash >>> 0).toString(16).padStart(8, "0") + (second >>> 0).toString(16).padStart(8, "0");
}
