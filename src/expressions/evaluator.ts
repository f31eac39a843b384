import { UserError } from "../core/errors.ts";
import type { Expression } from "./expression.ts";
import { forwardWriter } from "./forward-tape.ts";
import { gradientWriter } from "./gradient-tape.ts";
import { type Machine, machine } from "./machine.ts";
import type { OperatorSet } from "./operator.ts";
import { operatorSet } from "./operator.ts";
import { type Postfix, toPostfix } from "./postfix.ts";
import { standardOperators } from "./standard-operators.ts";
import { columnOperand, constantOperand, type Operand, tape } from "./tape.ts";

/** Numbers of one column, in the evaluator's width. */
export type Column = Float64Array | Float32Array;

/** Values are views into the evaluator's memory: they hold until its next call. */
export interface Evaluation {
  values: Column;
  /** Whether all values are. If not, rows after the first block with a NaN or an infinity were not computed. */
  finite: boolean;
}

export interface Gradient extends Evaluation {
  /** ∂f/∂cₖ or ∂f/∂xₖ over the rows, one column for each k. */
  gradient: Column[];
}

/** Evaluates expressions over fixed columns. */
export interface Evaluator {
  rows: number;
  operators: OperatorSet;
  /** The expression over all rows. */
  evaluate(expression: Expression | Postfix): Evaluation;
  /** With the derivatives by all constants, from left to right (reverse mode over blocks of rows). */
  constantGradient(expression: Expression | Postfix): Gradient;
  /**
   * `constantGradient` of one expression for many values of its constants, as fits need it: the program is written
   * once. Other calls may come in between.
   */
  prepare(expression: Expression | Postfix): (constants: ArrayLike<number>) => Gradient;
  /** With the derivatives by the given variables (default: all columns). */
  variableGradient(expression: Expression | Postfix, variables?: readonly number[]): Gradient;
  /** Σ w·(f − y)² over the rows, for the target and weights given at the start; NaN unless all f are finite. */
  squaredError(expression: Expression | Postfix): number;
}

export interface EvaluatorOptions {
  /** Default: the standard operators. */
  operators?: OperatorSet;
  /** Width of numbers and arithmetic. Default f64. */
  precision?: "f64" | "f32";
  /** y of `squaredError`. */
  target?: ArrayLike<number>;
  /** Its weights, such as 1/σ². Default: 1. */
  weights?: ArrayLike<number>;
  /** Rows worked on at a time. Default 512. */
  rowsPerBlock?: number;
}

/**
 * An evaluator over `columns`, which are copied once. Kernels are WebAssembly SIMD: a few machine instructions per
 * operator and row, in blocks of rows that stay in the first-level cache; operators without vector code are called
 * row by row. Results do not depend on the machine, except through those.
 * @throws UserError for no columns, or lengths that differ (naming the column).
 */
export function evaluator(columns: readonly ArrayLike<number>[], options: EvaluatorOptions = {}): Evaluator {
  const { operators = standardOperators, precision = "f64", target, weights, rowsPerBlock = 512 } = options;
  const rows = columns[0]?.length ?? target?.length ?? 0;
  if (rows === 0) throw new UserError("evaluator: no rows; expected at least one column with values.");
  const check = (length: number, what: string) => {
    if (length === rows) return;
    throw new UserError(
      `evaluator: ${what} has ${length} values, column 0 has ${rows}; expected equal lengths.`,
    );
  };
  columns.forEach((column, i) => {
    check(column.length, `column ${i}`);
  });
  if (target !== undefined) check(target.length, "target");
  if (weights !== undefined) check(weights.length, "weights");
  if (rowsPerBlock < 8 || rowsPerBlock % 16 !== 0) {
    throw new UserError(`evaluator: rowsPerBlock is ${rowsPerBlock}; expected a multiple of 16.`);
  }

  const all = withStandard(operators);
  const list = [...all.values()];
  const device: Machine = machine(rows, list, precision);
  const inputs = columns.map((column) => columnOperand(device.allocate(column)));
  const values = device.allocate();
  const yAt = target === undefined ? -1 : device.allocate(target);
  const weightsAt = target === undefined ? -1 : device.allocate(weights ?? new Float64Array(rows).fill(1));
  if (weightsAt >= 0) {
    const from = weightsAt / device.bytes;
    device.numbers().fill(0, from + rows, from + device.columnBytes / device.bytes);
  }
  const writer = tape(device, all, rowsPerBlock);
  const inBody = list.map((o) => o.kernel === undefined && o.body !== undefined);
  const outputs: number[] = [];
  const output = (count: number) => {
    while (outputs.length < count) outputs.push(device.allocate());
  };
  const input = (index: number) => {
    const operand = inputs[index];
    if (operand !== undefined) return operand;
    throw new UserError(
      `evaluator: variable ${index} has no column; there are ${inputs.length} (0 … ${inputs.length - 1}).`,
    );
  };
  const postfix = (of: Expression | Postfix): Postfix => ("tokens" in of ? of : toPostfix(of, all));

  const direct = forwardWriter(
    device,
    list,
    rowsPerBlock,
    inputs.map(({ at }) => at),
  );
  const forward = (form: Postfix): boolean => {
    const done = direct(form, values);
    if (done !== undefined) return done;
    const { tokens, constants } = form;
    writer.start(true);
    const stack: Operand[] = [];
    let next = 0;
    for (let i = 0; i < tokens.length; i++) {
      const token = tokens[i]!;
      if (token > 0) stack.push(input(token - 1));
      else if (token === 0) stack.push(constantOperand(constants[next++]!));
      else stack.push(operate(-1 - token, stack));
    }
    writer.store(stack[0]!, values);
    return writer.run(values);
  };
  const operate = (which: number, stack: Operand[]): Operand => {
    const found = list[which];
    if (found === undefined || stack.length < found.arity) {
      throw new UserError(
        `evaluator: token ${-1 - which} finds ${stack.length} arguments; expected a form made by toPostfix with this evaluator's operators (\`fromPostfix\` checks one).`,
      );
    }
    const { arity, body } = found;
    if (!inBody[which]) {
      const b = arity === 2 ? stack.pop()! : undefined;
      const a = stack.pop()!;
      writer.release(a);
      if (b !== undefined) writer.release(b);
      return writer.apply(which, a, b ?? a);
    }
    const args = stack.splice(stack.length - arity);
    const result = writer.expression(body!, args);
    for (const arg of args) if (arg !== result) writer.release(arg);
    return result;
  };

  const gradients = gradientWriter(writer, list, input);
  const write = (form: Postfix, by: "constants" | readonly number[], cells: boolean) => {
    // Before the program is written: new columns can move the memory.
    output((by === "constants" ? form.constants : by).length);
    const { result, derivatives } = gradients(form, by, cells);
    derivatives.forEach((derivative, k) => {
      writer.store(derivative, outputs[k]!);
    });
    writer.store(result, values);
    return derivatives.length;
  };
  const runGradient = (count: number): Gradient => {
    const finite = writer.run(values);
    const columnsOf = Array.from({ length: count }, (_, k) => device.column(outputs[k]!));
    return { values: device.column(values), finite, gradient: columnsOf };
  };
  const prepare = (of: Expression | Postfix) => {
    const count = write(postfix(of), "constants", true);
    const program = writer.save();
    return (constants: ArrayLike<number>): Gradient => {
      if (constants.length !== count) {
        throw new UserError(`evaluator: ${constants.length} constants for an expression with ${count}.`);
      }
      writer.restore(program, constants);
      return runGradient(count);
    };
  };

  return {
    rows,
    operators,
    evaluate(of) {
      const finite = forward(postfix(of));
      return { values: device.column(values), finite };
    },
    constantGradient: (of) => runGradient(write(postfix(of), "constants", false)),
    variableGradient: (of, variables = columns.map((_, i) => i)) =>
      runGradient(write(postfix(of), variables, false)),
    prepare,
    squaredError(of) {
      if (yAt < 0) throw new UserError("evaluator: squaredError needs the option `target`.");
      if (!forward(postfix(of))) return Number.NaN;
      return device.squares(values, yAt, weightsAt, device.columnBytes);
    },
  };
}

/** The set with the standard operators behind it, which derivatives and bodies may use. Own names come first. */
export function withStandard(operators: OperatorSet): OperatorSet {
  if (operators === standardOperators) return operators;
  const more = [...standardOperators.values()].filter(({ name }) => !operators.has(name));
  return operatorSet([...operators.values(), ...more]);
}
