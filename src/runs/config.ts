import { usageError } from "../core/errors.ts";
import { type Params, parseParams, type Values } from "../core/params.ts";
import { didYouMean } from "../core/suggest.ts";
import type { Provenance } from "../data/table.ts";

/** What decides the bytes of a run: two runs with the same plan have the same result. */
export interface Plan {
  study: string;
  preset: string;
  seed: number;
  options: Record<string, unknown>;
  versions: Record<string, string>;
}

/** `config.json` of a run folder. */
export interface RunConfig extends Plan {
  /** The command that makes the same run. */
  command: string;
  /** What was read, and the hash of its bytes where there is one. */
  data: Pick<Provenance, "name" | "source" | "sha256">[];
}

/** Options of a job: its defaults, the preset's values over them, `set` over those. @throws UserError, exit status 2. */
export function resolveOptions<P extends Params>(
  job: { name: string; params: P; presets: Readonly<Record<string, Partial<Values<P>>>> },
  preset: string,
  set: Readonly<Record<string, unknown>>,
): Values<P> {
  const changed = Object.hasOwn(job.presets, preset) ? job.presets[preset] : undefined;
  if (!changed) {
    throw usageError(
      `unknown preset '${preset}' of ${job.name}${didYouMean(preset, Object.keys(job.presets))}`,
    );
  }
  return parseParams(job.params, { ...changed, ...set });
}

/** @throws UserError (exit status 2) unless `seed` is a whole number that a double holds exactly, from 0. */
export function checkSeed(seed: unknown): number {
  const value = typeof seed === "string" && /^\d+$/.test(seed.trim()) ? Number(seed) : seed;
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
    throw usageError(`seed: expected a whole number from 0, got ${JSON.stringify(seed)}`);
  }
  return value;
}

/** The command that makes a run: names the preset, the seed and each option that was set. */
export function commandLine(
  plan: Pick<Plan, "study" | "preset" | "seed">,
  set: Readonly<Record<string, unknown>>,
): string {
  const words = ["physlens", "run", plan.study, "--preset", plan.preset, "--seed", String(plan.seed)];
  for (const name of Object.keys(set).sort()) words.push("--set", quoted(`${name}=${String(set[name])}`));
  return words.join(" ");
}

/** `word` as a POSIX shell reads it back. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Where two plans differ: the name of the first thing and its value in each; undefined where they agree. */
export function firstDifference(
  a: Plan,
  b: Plan,
): { name: string; kind: "option" | "version"; a: unknown; b: unknown } | undefined {
  for (const name of ["study", "preset", "seed"] as const) {
    if (a[name] !== b[name]) return { name, kind: "option", a: a[name], b: b[name] };
  }
  for (const [kind, of] of [
    ["option", "options"],
    ["version", "versions"],
  ] as const) {
    for (const name of new Set([...Object.keys(a[of]), ...Object.keys(b[of])])) {
      if (a[of][name] !== b[of][name]) return { name, kind, a: a[of][name], b: b[of][name] };
    }
  }
  return undefined;
}

/** JSON with keys sorted at every level and a closing newline: the same data is the same bytes. */
export function stableJson(value: unknown): string {
  const sorted = (_: string, item: unknown) =>
    item !== null && typeof item === "object" && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item;
  return `${JSON.stringify(value, sorted, 2)}\n`;
}
