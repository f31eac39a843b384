import { UserError } from "../../../core/errors.ts";
import { nodes } from "../../../expressions/expression.ts";
import { toPostfix } from "../../../expressions/postfix.ts";
import type { SearchProblem, Template } from "./contract.ts";
import { type Genome, join, slice } from "./genome.ts";
import type { Space } from "./space.ts";

/** Puts the parts of an individual together. Without a template there is one part, the whole. */
export interface Assembly {
  parts: number;
  /** The whole, and for each of its constants the number of the parts' constant that it is (−1: fixed by the form). */
  assemble(parts: readonly Genome[]): { whole: Genome; tied: Int32Array | undefined };
}

const single: Assembly = { parts: 1, assemble: ([whole]) => ({ whole: whole!, tied: undefined }) };

/** @throws UserError for a template whose variables are no columns or parts, or a part that the form does not use. */
export function makeAssembly(
  space: Space,
  template: Template | undefined,
  problem: Pick<SearchProblem, "names">,
): Assembly {
  if (template === undefined) return single;
  const columns = problem.names.length;
  const used = new Set<number>();
  for (const node of nodes(template.form)) if (node.kind === "variable") used.add(node.index);
  for (const index of used) {
    if (index < columns + template.parts.length) continue;
    throw new UserError(
      `searchExpressions: template.form uses variable ${index}; there are ${columns} columns and ${template.parts.length} parts (variables ${columns} … ${columns + template.parts.length - 1}).`,
    );
  }
  template.parts.forEach(({ name }, k) => {
    if (!used.has(columns + k)) {
      throw new UserError(
        `searchExpressions: template.form does not use part '${name}' (variable ${columns + k}).`,
      );
    }
  });
  const form = toPostfix(template.form, space.operators);
  return {
    parts: template.parts.length,
    assemble(parts) {
      const firsts: number[] = [];
      let count = 0;
      for (const part of parts) {
        firsts.push(count);
        count += part.constants.length;
      }
      const pieces: Genome[] = [];
      const tied: number[] = [];
      let from = 0;
      const flush = (to: number) => {
        if (to <= from) return;
        const piece = slice(form, from, to);
        pieces.push(piece);
        for (let i = 0; i < piece.constants.length; i++) tied.push(-1);
      };
      form.tokens.forEach((token, i) => {
        const part = token - 1 - columns;
        if (part < 0) return;
        flush(i);
        from = i + 1;
        pieces.push(parts[part]!);
        for (let k = 0; k < parts[part]!.constants.length; k++) tied.push(firsts[part]! + k);
      });
      flush(form.tokens.length);
      return { whole: join(...pieces), tied: Int32Array.from(tied) };
    },
  };
}

/** The parts with the numbers of a fit in place of their constants. */
export function withParameters(parts: readonly Genome[], parameters: ArrayLike<number>): Genome[] {
  let next = 0;
  return parts.map(({ tokens, constants }) => {
    const made = Float64Array.from(constants, () => parameters[next++]!);
    return { tokens, constants: made };
  });
}

/** The parameters behind the whole's constants. */
export function parametersOf(whole: Genome, tied: Int32Array | undefined): Float64Array {
  if (tied === undefined) return whole.constants;
  const made = new Float64Array(Math.max(-1, ...tied) + 1);
  tied.forEach((p, i) => {
    if (p >= 0) made[p] = whole.constants[i]!;
  });
  return made;
}
