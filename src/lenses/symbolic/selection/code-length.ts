import { type DescriptionLength, descriptionLength } from "../../../expressions/description-length.ts";
import { type Constant, call, constant, type Expression } from "../../../expressions/expression.ts";
import { isWhole } from "./refit.ts";

/**
 * The description length of a formula fitted to n rows, in nats, after Bartlett, Desmond & Ferreira (2022, arXiv
 * 2211.11461; see `descriptionLength`), with three changes that keep it from following noise near a simple form:
 *
 * - a fitted constant costs at least ½·ln n + ln 2, what BIC charges and a sign, however imprecise it is;
 * - a constant may instead be paid for as the whole number (up to 10) next to it, plus what fixing it costs the likelihood,
 *   (c − k)²·I/2; so is one that its precision does not tell from 0;
 * - −1·a and 0 − a count as one sign before a.
 * @param information Fisher information of each constant from the left
 */
export function codeLength(
  expression: Expression,
  fit: { negativeLogLikelihood: number; information: ArrayLike<number>; rows: number },
): DescriptionLength {
  const { negativeLogLikelihood, information, rows } = fit;
  const { coded, kept } = withSigns(expression);
  const { structure } = descriptionLength(coded, {
    negativeLogLikelihood: 0,
    information: new Float64Array(kept.length),
    fixed: kept.map(() => true),
  });
  let constants = 0;
  for (const { value, place } of kept) {
    const size = Math.abs(value);
    const whole = Math.round(size);
    const number = isWhole(whole) ? Math.max(Math.LN2, Math.log(whole)) : Number.POSITIVE_INFINITY;
    const asWhole = number + 0.5 * (size - whole) ** 2 * information[place]!;
    const precise = 0.5 * Math.log(information[place]! / 3) + Math.log(size);
    const asFitted = Math.LN2 + Math.max(0.5 * Math.log(rows), precise);
    constants += isWhole(value) ? number : Math.min(asWhole, asFitted);
  }
  return {
    structure,
    constants,
    residuals: negativeLogLikelihood,
    total: structure + constants + negativeLogLikelihood,
  };
}

/** The expression with `neg` for factors −1 and for 0 − a, and the constants that are left, by their old places. */
function withSigns(expression: Expression): { coded: Expression; kept: { value: number; place: number }[] } {
  const kept: { value: number; place: number }[] = [];
  let place = 0;
  const isSign = (node: Expression, value: number): node is Constant =>
    node.kind === "constant" && node.value === value;
  const visit = (node: Expression): Expression => {
    if (node.kind === "variable") return node;
    if (node.kind === "constant") {
      kept.push({ value: node.value, place: place++ });
      return constant(node.value);
    }
    const [a, b] = node.args;
    if (node.args.length === 2) {
      const left = (node.operator === "mul" && isSign(a!, -1)) || (node.operator === "sub" && isSign(a!, 0));
      if (left) {
        place++;
        return call("neg", visit(b!));
      }
      if (node.operator === "mul" && isSign(b!, -1)) {
        const made = call("neg", visit(a!));
        place++;
        return made;
      }
    }
    return { ...node, args: node.args.map(visit) };
  };
  return { coded: visit(expression), kept };
}
