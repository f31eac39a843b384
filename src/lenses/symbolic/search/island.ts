import type { Random } from "../../../core/random.ts";
import { makeFold } from "./fold.ts";
import { makeGenerator } from "./generate.ts";
import { fingerprint, type Genome, genome } from "./genome.ts";
import { type Form, type Judge, type Score, writeForm } from "./judge.ts";
import { crossover, type Mutation, makeMutator, mutationWeights } from "./mutate.ts";
import type { Space } from "./space.ts";
import { type Assembly, parametersOf, withParameters } from "./template.ts";

/** One of a population. */
export interface Member {
  parts: Genome[];
  complexity: number;
  /** The smallest of its forms' losses, behaviour included. */
  loss: number;
}

/** A population, oldest first, with what adaptive parsimony remembers of complexities. */
export interface IslandState {
  members: Member[];
  frequencies: Float64Array;
}

/** The best of one complexity so far. */
export interface Best {
  parts: Genome[];
  whole: Genome;
  complexity: number;
  loss: number;
}

export interface IslandOptions {
  population: number;
  /** Ends when `used()` has grown by this. */
  quota: number;
  used: () => number;
  /** Ends when a relative loss (loss/baseline) falls below. */
  enough: number;
  scaling: { factor: boolean; offset: boolean };
  /** Costs of a·f and a·f + b beside f. */
  formCosts: readonly [number, number, number];
  /** Multiplies a loss for what a candidate does; NaN leaves it out. */
  behaviour?: ((whole: Genome) => number) | undefined;
  interrupted: () => boolean;
}

const parsimony = 20;
const tournament = 12;
const crossoverShare = 0.2;

/**
 * Evolves a population (of trees of `partSpaces`, one for each part, that together are trees of `space`) by regularised evolution: parents by tournaments on ln(loss) + 20·(share of their complexity
 * among the last ones), a change or an exchange of parts, acceptance with exp(−Δloss/(3.17·T·scale)) times the ratio of
 * the complexities' frequencies, T falling from 1 to 0, the child in place of the oldest; after each generation the
 * constants of some are fitted. Source: Cranmer 2023 (arXiv 2305.01582).
 */
export function evolve(
  state: IslandState,
  space: Space,
  partSpaces: readonly Space[],
  assembly: Assembly,
  judge: Judge,
  rng: Random,
  options: IslandOptions,
): Best[] {
  const { population, quota, used, scaling, formCosts, behaviour } = options;
  const { members, frequencies } = state;
  const generators = partSpaces.map((own) => makeGenerator(own, rng));
  const mutators = partSpaces.map((own, k) => makeMutator(own, generators[k]!, rng));
  const fold = makeFold(space);
  const best: (Best | undefined)[] = [];
  const seen = new Map<number, number>();
  const forms: Form[] = scaling.offset ? [0, 1, 2] : scaling.factor ? [0, 1] : [0];
  const limit = space.maxComplexity;
  const started = used();
  let solved = false;

  const assess = (parts: Genome[], known?: number): { member: Member; fresh: boolean } | undefined => {
    const { whole } = assembly.assemble(parts);
    const complexity = known ?? space.complexity(whole);
    const key = fingerprint(whole);
    const before = seen.get(key);
    if (before !== undefined) {
      return Number.isFinite(before)
        ? { member: { parts, complexity, loss: before }, fresh: false }
        : undefined;
    }
    if (seen.size > 200_000) seen.clear();
    const score = judge.score(whole);
    const factor = score === undefined ? Number.NaN : (behaviour?.(whole) ?? 1);
    if (score === undefined || !Number.isFinite(factor)) {
      seen.set(key, Number.NaN);
      return undefined;
    }
    const fresh = record(parts, whole, complexity, score, factor);
    const loss = Math.min(...score.losses) * factor;
    seen.set(key, loss);
    return { member: { parts, complexity, loss }, fresh };
  };

  const record = (parts: Genome[], whole: Genome, complexity: number, score: Score, factor: number) => {
    let fresh = false;
    for (const form of forms) {
      const cost = complexity + formCosts[form]!;
      const loss = score.losses[form] * factor;
      if (cost > limit || !(loss < (best[cost]?.loss ?? Number.POSITIVE_INFINITY))) continue;
      best[cost] = { parts, whole: writeForm(space, whole, form, score), complexity: cost, loss };
      fresh = true;
      if (loss <= options.enough * judge.baseline) solved = true;
    }
    return fresh;
  };

  /** The member with its constants fitted, in its widest form. */
  const fitted = (member: Member, steps: number): Member => {
    const { whole, tied } = assembly.assemble(member.parts);
    if (whole.constants.length === 0 || (tied !== undefined && Math.max(-1, ...tied) < 0)) return member;
    const score = judge.score(whole);
    if (score === undefined) return member;
    const form = forms.at(-1)!;
    const wide = writeForm(space, whole, form, score);
    const parameters = parametersOf(whole, tied).length;
    const extended = widen(tied, whole.constants.length, form, parameters);
    const found = judge.fit(wide, steps, extended);
    if (found === undefined) return member;
    const inner = { tokens: whole.tokens, constants: innerConstants(found.genome, form) };
    const made = assess(withParameters(member.parts, parametersOf(inner, tied)));
    return made !== undefined && made.member.loss < member.loss ? made.member : member;
  };

  const cost = (m: Member) =>
    Math.log(m.loss + 1e-300) + (parsimony * (frequencies[m.complexity] ?? 0)) / total;
  let total = frequencies.reduce((a, b) => a + b, 0) || 1;
  const select = (): Member => {
    let chosen = members[rng.int(members.length)]!;
    let least = cost(chosen);
    for (let k = 1; k < tournament; k++) {
      const other = members[rng.int(members.length)]!;
      const value = cost(other);
      if (value < least && rng.uniform() < 0.95) {
        chosen = other;
        least = value;
      }
    }
    return chosen;
  };
  const count = (complexity: number) => {
    frequencies[complexity] = (frequencies[complexity] ?? 0) + 1;
    if (++total > 20_000) {
      for (let i = 0; i < frequencies.length; i++) frequencies[i]! *= 0.5;
      total *= 0.5;
    }
  };
  const add = (member: Member) => {
    members.push(member);
    if (members.length > population) members.shift();
    count(member.complexity);
  };

  for (const member of members.splice(0)) {
    const made = assess(member.parts);
    if (made !== undefined) members.push(made.member);
  }
  for (let tries = 0; members.length < population && tries < 50 * population; tries++) {
    const parts = generators.map((generator) =>
      generator.tree(1 + rng.int(tries < 10 * population ? 7 : 2), space.types && space.targetType),
    );
    if (!parts.every((part) => part !== undefined)) continue;
    const { whole } = assembly.assemble(parts);
    const complexity = space.complexity(whole);
    if (!space.allows(whole, complexity)) continue;
    const made = assess(parts, complexity);
    if (made !== undefined) add(made.member);
  }
  if (members.length === 0) return [];
  // Of a general objective no scale is known but that of the population.
  const sorted = members.map((m) => m.loss).sort((a, b) => a - b);
  const scale = judge.objective ? Math.max(sorted[sorted.length >> 1]!, 1e-300) : judge.baseline;

  const names = Object.keys(mutationWeights) as Mutation[];
  const sums: number[] = [];
  names.reduce((sum, name, i) => {
    sums[i] = sum + mutationWeights[name];
    return sums[i]!;
  }, 0);
  const draw = (): Mutation => {
    const u = rng.uniform() * sums.at(-1)!;
    return names[sums.findIndex((s) => u < s)] ?? "subtree";
  };

  const born = (temperature: number): void => {
    const parent = select();
    const crossed = rng.uniform() < crossoverShare;
    for (let attempt = 0; attempt < 8; attempt++) {
      const which = assembly.parts === 1 ? 0 : rng.int(assembly.parts);
      const part = parent.parts[which]!;
      const made = crossed
        ? crossover(space, part, select().parts[which]!, rng)
        : mutators[which]!(part, draw(), temperature);
      if (made === undefined) continue;
      const parts = parent.parts.slice();
      parts[which] = fold(made);
      const { whole } = assembly.assemble(parts);
      const complexity = space.complexity(whole);
      if (!space.allows(whole, complexity)) continue;
      const assessed = assess(parts, complexity);
      if (assessed === undefined) continue;
      let { member } = assessed;
      const promising = assessed.fresh || rng.uniform() < 0.02;
      if (promising && whole.constants.length > 0) member = fitted(member, 8);
      if (members.some((m) => m.loss === member.loss && m.complexity <= member.complexity)) continue;
      const worse = (member.loss - parent.loss) / scale;
      const often = (frequencies[parent.complexity] ?? 0) + 1;
      const rarer = often / ((frequencies[member.complexity] ?? 0) + 1);
      if (worse > 0 && rng.uniform() > Math.exp(-worse / (3.17 * temperature + 1e-9)) * rarer) return;
      add(member);
      return;
    }
  };

  let idle = 0;
  let last = -1;
  while (!solved && used() - started < quota && !options.interrupted()) {
    const temperature = Math.max(0, 1 - (used() - started) / quota);
    for (let k = 0; k < 3 * population && !solved; k++) born(temperature);
    for (let k = 0; k < members.length && !solved; k++) {
      if (members[k]!.parts.some((p) => p.constants.length > 0) && rng.uniform() < 0.1) {
        members[k] = fitted(members[k]!, 10);
      }
    }
    // Where nothing new comes up any more, the space is exhausted as far as this population can see.
    idle = used() === last ? idle + 1 : 0;
    last = used();
    if (idle > 20) break;
  }
  return best.filter((b) => b !== undefined);
}

/** The parameters of a·f + b: a first, those of f, b last. */
function widen(
  tied: Int32Array | undefined,
  constants: number,
  form: Form,
  parameters: number,
): Int32Array | undefined {
  if (tied === undefined) return undefined;
  if (form === 0) return tied;
  const inner = Array.from({ length: constants }, (_, i) => tied[i]!);
  const made = [parameters, ...inner];
  if (form === 2) made.push(parameters + 1);
  return Int32Array.from(made);
}

const innerConstants = ({ constants }: Genome, form: Form): Float64Array =>
  form === 0 ? constants : constants.slice(1, form === 1 ? undefined : -1);

/** An empty population. */
export const emptyIsland = (maxComplexity: number): IslandState => ({
  members: [],
  frequencies: new Float64Array(maxComplexity + 2),
});

/** A genome of plain arrays, and back. */
export const packGenome = ({ tokens, constants }: Genome): [number[], number[]] => [
  [...tokens],
  [...constants],
];
export const unpackGenome = ([tokens, constants]: [number[], number[]]): Genome => genome(tokens, constants);
