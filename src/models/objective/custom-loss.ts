import { demand, UserError } from "../../core/errors.ts";
import { type Matrix, matrix } from "../../linalg/matrix.ts";
import type { Value } from "../../program/ops/index.ts";
import * as o from "../../program/ops/index.ts";
import { grad, hessian, vmap } from "../../program/transform/index.ts";
import type { OutputLoss } from "./contract.ts";

export interface CustomLossOptions {
  name: string;
  /** C, the model's outputs a sample. */
  outputs: number;
  /** Numbers of the target a sample; default `outputs`. A class index is `classes: true` and one number. */
  targets?: number;
  classes?: boolean;
  /** The loss of one sample, a scalar, from its outputs [C] and its target [targets], both float64. */
  loss: (outputs: Value, target: Value) => Value;
  /**
   * The covariance of the slope over targets drawn from the model, [C, C] from one sample's outputs. "curvature" where
   * the loss is a negative log-likelihood in natural parameters: there the second derivative does not depend on the
   * target and is that covariance. Left out, the loss has no Fisher matrix.
   */
  fisher?: "curvature" | ((outputs: Value) => Value);
}

/**
 * A loss of the outputs written in array operations, with slopes and curvatures by differentiation, evaluated eagerly
 * for all rows at once: for losses beside the built-in ones. A loss that reaches over samples cannot be written here.
 * @throws UserError from its functions for shapes that do not fit, a value that is not finite (naming the row), and
 * from `fisher` where none was given.
 */
export function customLoss(options: CustomLossOptions): OutputLoss {
  const { name, outputs: c, classes = false, loss, fisher } = options;
  const t = options.targets ?? (classes ? 1 : c);
  const where = `loss '${name}'`;
  const eager = (rows: number, width: number, f: () => Value): Matrix => {
    const data = o.scope(() => o.toTyped(f())) as Float64Array;
    demand(data.length === rows * width, () => {
      return `${where}: ${data.length / rows} numbers a sample; expected ${width} (a loss returns one scalar)`;
    });
    const bad = data.findIndex((value) => !Number.isFinite(value));
    demand(bad < 0, () => `${where}, row ${Math.floor(bad / width)}: ${data[bad]}; it is not defined there`);
    return matrix(rows, width, Float64Array.from(data));
  };
  const pairs = (outputs: Matrix, targets: Float64Array, width: number, f: (a: Value, y: Value) => Value) => {
    check(outputs);
    demand(targets.length === outputs.rows * t, () => {
      return `${where}: ${targets.length} targets for ${outputs.rows} rows; expected ${t} a row`;
    });
    return eager(outputs.rows, width, () =>
      vmap(f)(o.constant(outputs.data, [outputs.rows, c]), o.constant(targets, [outputs.rows, t])),
    );
  };
  const check = (outputs: Matrix) =>
    demand(
      outputs.cols === c,
      () => `${where}: ${outputs.rows}×${outputs.cols} outputs; expected ${c} a row`,
    );
  const curvatures = (outputs: Matrix, targets: Float64Array) =>
    pairs(outputs, targets, c * c, (f, y) =>
      o.reshape(hessian((at: Value) => o.reshape(loss(at, y), []))(f), [c * c]),
    );
  return {
    name,
    classes,
    values: (outputs, targets) => pairs(outputs, targets, 1, loss).data,
    slopes: (outputs, targets) =>
      pairs(outputs, targets, c, (f, y) => grad((at: Value) => o.reshape(loss(at, y), []))(f)),
    curvatures,
    fisher(outputs) {
      check(outputs);
      if (fisher === "curvature") return curvatures(outputs, new Float64Array(outputs.rows * t));
      if (fisher === undefined) {
        throw new UserError(
          `${where}: no predictive distribution was given, so it has no Fisher matrix; give 'fisher', or use the Gauss–Newton curvature`,
        );
      }
      return eager(outputs.rows, c * c, () =>
        vmap((f: Value) => o.reshape(fisher(f), [c * c]))(o.constant(outputs.data, [outputs.rows, c])),
      );
    },
  };
}
