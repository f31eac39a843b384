import { evaluate, inDomain } from "../../../expressions/evaluate.ts";
import { type Expression, substitute, variablesOf } from "../../../expressions/expression.ts";
import { type OperatorSet, operatorNamed } from "../../../expressions/operator.ts";
import { print } from "../../../expressions/print.ts";
import { standardOperators } from "../../../expressions/standard-operators.ts";
import { type Interval, images, interval } from "./intervals.ts";

/** A place within the data's range where a formula is undefined or infinite. */
export interface Singularity {
  /** "a division by 0". */
  what: string;
  /** The part of the formula, as text. */
  part: string;
  /**
   * Certain: a point was found where the part is undefined, or two between which its denominator changes sign. Possible:
   * interval arithmetic could not exclude it.
   */
  status: "certain" | "possible";
  /** A point of it, or the middle of the smallest box that could not be cleared. */
  at: number[];
}

export interface SingularityScan {
  /** One entry for each part of the formula that has one. */
  found: Singularity[];
  /** Every box was cleared: there is none, up to rounding. */
  clear: boolean;
  /** Operators without interval arithmetic, which were not looked into. */
  skipped: string[];
  boxes: number;
}

interface Trouble {
  what: string;
  part: Expression;
}

/**
 * Looks for singularities of an expression inside the box that the columns span, by interval arithmetic: boxes that may
 * hold one are halved along their (relatively) longest side until they are clear or `most` boxes were looked at.
 * Inside a box the parts of an expression are taken as independent, so that a large box may look worse than it is,
 * never better. The box is larger than the convex hull of the data: a place may lie where no row is.
 * @param options.names of the variables, for messages
 */
export function singularities(
  expression: Expression,
  columns: readonly ArrayLike<number>[],
  options: { operators?: OperatorSet; names?: readonly string[]; most?: number } = {},
): SingularityScan {
  const { operators = standardOperators, names, most = 4000 } = options;
  const hull = columns.map((column): Interval => {
    const values = Array.from(column);
    return interval(Math.min(...values), Math.max(...values));
  });
  const used = variablesOf(expression);
  const skipped = new Set<string>();
  const open: Interval[][] = [hull];
  const left: { box: Interval[]; troubles: Trouble[] }[] = [];
  const certain = new Map<Expression, Singularity>();
  let boxes = 0;
  while (open.length > 0) {
    const box = open.shift()!;
    boxes++;
    const troubles: Trouble[] = [];
    rangeOf(expression, box, { operators, troubles, skipped });
    const unsolved = troubles.filter(({ part }) => !certain.has(part));
    for (const { part, what } of unsolved) {
      const at = witness(part, box, used, operators);
      if (at !== undefined) certain.set(part, { what, part: text(part), status: "certain", at });
    }
    const rest = unsolved.filter(({ part }) => !certain.has(part));
    if (rest.length === 0) continue;
    const halves = halved(box, hull, used);
    if (boxes + open.length >= most || halves === undefined) left.push({ box, troubles: rest });
    else open.push(...halves);
  }
  const possible = new Map<Expression, Singularity>();
  for (const { box, troubles } of left) {
    for (const { part, what } of troubles) {
      if (certain.has(part) || possible.has(part)) continue;
      possible.set(part, { what, part: text(part), status: "possible", at: centre(box) });
    }
  }
  function text(part: Expression): string {
    return print(part, { operators, digits: 4, ...(names && { names }) });
  }
  const found = [...certain.values(), ...possible.values()];
  return { found, clear: found.length === 0, skipped: [...skipped].sort(), boxes };
}

const centre = (box: readonly Interval[]) => box.map(({ low, high }) => (low + high) / 2);

function rangeOf(
  node: Expression,
  box: readonly Interval[],
  context: { operators: OperatorSet; troubles: Trouble[]; skipped: Set<string> },
): Interval {
  if (node.kind === "constant") return interval(node.value, node.value);
  if (node.kind === "variable") return box[node.index]!;
  const args = node.args.map((arg) => rangeOf(arg, box, context));
  const rule = images[node.operator];
  if (rule === undefined) {
    const { body } = operatorNamed(context.operators, node.operator, "singularities");
    if (body !== undefined) return rangeOf(substitute(body, node.args), box, context);
    context.skipped.add(node.operator);
    return interval(-Infinity, Infinity);
  }
  const { range, trouble } = rule(...args);
  if (trouble !== undefined) context.troubles.push({ what: trouble, part: node });
  return range;
}

/** A point of the box where `part` is undefined, or one next to a change of sign of its denominator. */
function witness(
  part: Expression,
  box: readonly Interval[],
  used: readonly number[],
  operators: OperatorSet,
): number[] | undefined {
  if (part.kind !== "call") return undefined;
  const points = corners(box, used);
  const bad = points.find(
    (point) => !inDomain(part, point, operators) && part.args.every((arg) => inDomain(arg, point, operators)),
  );
  if (bad !== undefined) return bad;
  const divisor =
    part.operator === "div" ? part.args[1]! : part.operator === "inv" ? part.args[0]! : undefined;
  if (divisor === undefined || !inOneBranch(divisor)) return undefined;
  const signs = points.map((point) => evaluate(divisor, point, operators));
  const from = signs.findIndex((value) => value > 0);
  const to = signs.findIndex((value) => value < 0);
  if (from < 0 || to < 0) return undefined;
  return root(divisor, points[from]!, points[to]!, operators);
}

/** No division, tangent or sign inside: a change of sign goes through 0. */
function inOneBranch(node: Expression): boolean {
  if (node.kind !== "call") return true;
  const jumps = ["div", "inv", "tan", "sign", "greater", "less", "pow"].includes(node.operator);
  return !jumps && node.args.every(inOneBranch);
}

function root(
  f: Expression,
  plus: readonly number[],
  minus: readonly number[],
  operators: OperatorSet,
): number[] {
  let [a, b] = [[...plus], [...minus]];
  for (let i = 0; i < 60; i++) {
    const middle = a.map((x, k) => (x + b[k]!) / 2);
    if (evaluate(f, middle, operators) > 0) a = middle;
    else b = middle;
  }
  return a;
}

function corners(box: readonly Interval[], used: readonly number[]): number[][] {
  const points = [centre(box)];
  const sides = used.slice(0, 6);
  for (let mask = 0; mask < 1 << sides.length; mask++) {
    const point = centre(box);
    sides.forEach((k, bit) => {
      point[k] = mask & (1 << bit) ? box[k]!.high : box[k]!.low;
    });
    points.push(point);
  }
  return points;
}

function halved(
  box: Interval[],
  hull: readonly Interval[],
  used: readonly number[],
): Interval[][] | undefined {
  const width = (k: number) => (box[k]!.high - box[k]!.low) / (hull[k]!.high - hull[k]!.low || Infinity);
  const longest = used.reduce((best, k) => (width(k) > width(best) ? k : best), used[0] ?? 0);
  if (!(width(longest) > 1e-9)) return undefined;
  const { low, high } = box[longest]!;
  const middle = (low + high) / 2;
  return [interval(low, middle), interval(middle, high)].map((half) => box.with(longest, half));
}
