import { isFloat } from "../../dtype.ts";
import type { Graph, GraphDType, Ref } from "../../onnx/graph.ts";
import { elementTypeOf } from "../../onnx/graph.ts";
import { input, lowered, param, type Rule } from "../context.ts";
import { elementwise, unary } from "../elementwise.ts";
import { foldAdd, foldMul, foldNeg, foldWhere } from "../fold.ts";
import { filled, type Pieces } from "../value.ts";
import { alignView, type View } from "../view.ts";
import { arcsine, arctangent, complementaryError, errorFunction } from "./special.ts";

const binary =
  (emit: (graph: Graph, a: Ref, b: Ref, shape: readonly number[], dtype: GraphDType) => Ref): Rule =>
  (equation) => {
    const { graph, outputs } = equation;
    const { shape } = outputs[0]!;
    const operands = [input(equation, 0), input(equation, 1)];
    return lowered(elementwise(graph, operands, shape, ([a, b], out) => emit(graph, a!, b!, out, a!.dtype)));
  };

const plain = (op: string, boolOp?: string): Rule =>
  binary((graph, a, b, shape, dtype) =>
    graph.node(dtype === "bool" && boolOp ? boolOp : op, [a, b], shape, dtype),
  );

const map =
  (emit: (graph: Graph, ref: Ref) => Ref): Rule =>
  (equation) => {
    const view = input(equation);
    return lowered({ ...view, base: emit(equation.graph, view.base) });
  };

const mapOp = (op: string): Rule => map((graph, ref) => graph.node(op, [ref], ref.shape, ref.dtype));

/** Truncated quotient, as in C. */
const idiv: Rule = binary((graph, a, b, shape, dtype) => {
  const quotient = graph.node("Div", [a, b], shape, dtype);
  if (!isFloat(dtype as "float32")) return quotient;
  const negative = graph.node("Less", [quotient, filled(graph, dtype, 0, [])], shape, "bool");
  const up = graph.node("Ceil", [quotient], shape, dtype);
  const down = graph.node("Floor", [quotient], shape, dtype);
  return graph.node("Where", [negative, up, down], shape, dtype);
});

const compare: Rule = (equation) => {
  const op = param<string>(equation, "op");
  return binary((graph, a, b, shape, dtype) => {
    const [x, y] =
      dtype === "bool" && op.startsWith("less") ? [cast(graph, a, "int32"), cast(graph, b, "int32")] : [a, b];
    switch (op) {
      case "less":
        return graph.node("Less", [x, y], shape, "bool");
      case "less_equal":
        return graph.node("LessOrEqual", [x, y], shape, "bool");
      case "equal":
        return graph.node("Equal", [x, y], shape, "bool");
      default:
        return graph.node("Not", [graph.node("Equal", [x, y], shape, "bool")], shape, "bool");
    }
  })(equation);
};

const where: Rule = (equation) => {
  const { graph, outputs } = equation;
  const { shape, dtype } = outputs[0]!;
  const operands = [input(equation, 0), input(equation, 1), input(equation, 2)];
  const folded = foldWhere(operands[1]!, operands[2]!, shape);
  if (folded) return lowered(folded);
  return lowered(
    elementwise(graph, operands, shape, ([c, x, y], out) => {
      if (dtype !== "bool") return graph.node("Where", [c!, x!, y!], out, dtype);
      const yes = graph.node("And", [c!, x!], out, "bool");
      const no = graph.node("And", [graph.node("Not", [c!], c!.shape, "bool"), y!], out, "bool");
      return graph.node("Or", [yes, no], out, "bool");
    }),
  );
};

/** Sums of slices' gradients stay pieces of one vector; a number line of zeros is never added up. */
const add: Rule = (equation) => {
  const [x, y] = equation.inputs;
  if (x?.kind === "pieces" && y?.kind === "pieces") {
    const merged = mergePieces(equation.graph, x.pieces, y.pieces);
    if (merged) return { kind: "pieces", pieces: merged };
  }
  const { graph, outputs } = equation;
  const { shape, dtype } = outputs[0]!;
  const folded = dtype === "bool" ? undefined : foldAdd(graph, input(equation, 0), input(equation, 1), shape);
  return folded ? lowered(folded) : plain("Add", "Or")(equation);
};

function mergePieces(graph: Graph, a: Pieces, b: Pieces): Pieces | undefined {
  if (a.axis !== b.axis || a.dtype !== b.dtype) return undefined;
  const parts = [...a.parts];
  const end = (part: Pieces["parts"][number]) => part.start + part.view.shape[a.axis]!;
  for (const part of b.parts) {
    const same = parts.findIndex((p) => p.start === part.start && end(p) === end(part));
    if (same >= 0) {
      const held = parts[same]!;
      const view = elementwise(graph, [held.view, part.view], held.view.shape, (refs, out) =>
        graph.node("Add", refs, out, a.dtype),
      );
      parts[same] = { start: part.start, view };
    } else if (parts.some((p) => p.start < end(part) && part.start < end(p))) {
      return undefined;
    } else {
      parts.push(part);
    }
  }
  return { ...a, parts: parts.toSorted((p, q) => p.start - q.start) };
}

/** A product larger than both factors is put off: a sum over it is a matrix product. */
const mul: Rule = (equation) => {
  const { graph, outputs } = equation;
  const { shape, dtype } = outputs[0]!;
  if (dtype === "bool") return plain("And")(equation);
  const [a, b] = [input(equation, 0), input(equation, 1)];
  const folded = foldMul(graph, a, b, shape);
  if (folded) return lowered(folded);
  const [x, y] = [alignView(a, shape), alignView(b, shape)];
  const grows = (v: View, w: View) => shape.some((e, i) => e > 1 && v.axes[i] === null && w.axes[i] !== null);
  if (grows(x, y) && grows(y, x)) return { kind: "product", product: { x, y, shape } };
  return plain("Mul")(equation);
};

function cast(graph: Graph, ref: Ref, to: GraphDType): Ref {
  if (ref.dtype === to) return ref;
  return graph.node("Cast", [ref], ref.shape, to, { to: elementTypeOf(to) });
}

const castRule: Rule = (equation) => {
  const view = input(equation);
  return lowered({ ...view, base: cast(equation.graph, view.base, equation.outputs[0]!.dtype) });
};

const bits: Rule = (equation) => {
  const names = { and: "And", or: "Or", xor: "Xor" } as const;
  return plain(names[param<keyof typeof names>(equation, "op")])(equation);
};

const modulo: Rule = binary((graph, a, b, shape, dtype) =>
  graph.node("Mod", [a, b], shape, dtype, { fmod: 1 }),
);

const stopGradient: Rule = (equation) => lowered({ ...input(equation), stopped: true });

const negate: Rule = (equation) => {
  const { graph } = equation;
  const view = input(equation);
  return lowered(foldNeg(graph, view) ?? unary(graph, "Neg", view));
};

/** Rules that work element by element. */
export const elementwiseRules: Readonly<Record<string, Rule>> = {
  add,
  mul,
  idiv,
  mod: modulo,
  min: plain("Min", "And"),
  max: plain("Max", "Or"),
  bit_combine: bits,
  neg: negate,
  reciprocal: mapOp("Reciprocal"),
  floor: mapOp("Floor"),
  ceil: mapOp("Ceil"),
  stop_gradient: stopGradient,
  cast: castRule,
  sin: mapOp("Sin"),
  cos: mapOp("Cos"),
  exp: mapOp("Exp"),
  log: mapOp("Log"),
  sqrt: mapOp("Sqrt"),
  asin: map(arcsine),
  atan: map(arctangent),
  erf: map(errorFunction),
  erfc: map(complementaryError),
  compare,
  where,
};
