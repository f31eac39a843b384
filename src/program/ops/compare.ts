import { numpy as np } from "@jax-js/jax";
import { UserError } from "../../core/errors.ts";
import { own } from "./scope.ts";
import { broadcastShape, describe, type Operand, pair, type Value } from "./value.ts";

type Comparison = (x: Value, y: Value) => Value;

function comparison(name: string, primitive: Comparison): (x: Operand, y: Operand) => Value {
  return (x, y) => {
    const [a, b] = pair(name, x, y);
    return own(primitive(a.ref, b.ref));
  };
}

/** x = y, element by element (bool). */
export const equal = comparison("equal", np.equal);
/** x ≠ y (bool); true where either is NaN. */
export const notEqual = comparison("notEqual", np.notEqual);
/** x < y (bool). */
export const less = comparison("less", np.less);
/** x ≤ y (bool). */
export const lessEqual = comparison("lessEqual", np.lessEqual);
/** x > y (bool). */
export const greater = comparison("greater", np.greater);
/** x ≥ y (bool). */
export const greaterEqual = comparison("greaterEqual", np.greaterEqual);

/** `x` where `condition` holds, `y` elsewhere. The derivative flows only through the chosen one. */
export function where(condition: Value, x: Operand, y: Operand): Value {
  bools("where", condition);
  const [a, b] = pair("where", x, y);
  broadcastShape("where", condition.shape, broadcastShape("where", a.shape, b.shape));
  return own(np.where(condition.ref, a.ref, b.ref));
}

/** Both hold. */
export function logicalAnd(x: Value, y: Value): Value {
  bools("logicalAnd", x, y);
  return own(np.logicalAnd(x.ref, y.ref));
}

/** At least one holds. */
export function logicalOr(x: Value, y: Value): Value {
  bools("logicalOr", x, y);
  return own(np.logicalOr(x.ref, y.ref));
}

/** Does not hold. */
export function logicalNot(x: Value): Value {
  bools("logicalNot", x);
  return own(np.logicalNot(x.ref));
}

function bools(name: string, ...values: Value[]): void {
  for (const x of values) {
    if (x.dtype !== "bool") {
      throw new UserError(
        `${name}: expected a bool array, got ${describe(x)}; compare it with something first`,
      );
    }
  }
}
