import { UserError } from "../../../core/errors.ts";
import { sizeOf, zeros } from "../../dtype.ts";
import type { Graph, Ref } from "../../onnx/graph.ts";
import { input, lowered, param, type Rule } from "../context.ts";
import { materialise, reshapeRef, viewOf } from "../view.ts";
import { cut } from "./movement.ts";

/** Lengths that are not powers of two are transformed by a matrix product up to this length. */
const longestMatrix = 2048;

/**
 * Discrete Fourier transform along the last axis of separate real and imaginary parts, X_k = Σ x_j e^{∓2πijk/n}, the
 * inverse divided by n. ONNX Runtime's DFT has float32 twiddle factors unless n is a power of two (error 1e-8 in
 * float64), so other lengths are a matrix product.
 */
const fft: Rule = (equation) => {
  const { graph, outputs } = equation;
  const { shape } = outputs[0]!;
  const n = shape.at(-1)!;
  const flat = [sizeOf(shape.slice(0, -1)), n];
  const inverse = param<boolean>(equation, "inverse");
  const part = (i: number) => reshapeRef(graph, materialise(graph, input(equation, i)), flat);
  const transform = Number.isInteger(Math.log2(n)) ? native : byMatrix;
  return transform(graph, [part(0), part(1)], inverse).map((ref) =>
    lowered(viewOf(reshapeRef(graph, ref, shape))),
  );
};

function native(graph: Graph, [real, imaginary]: [Ref, Ref], inverse: boolean): Ref[] {
  const [rows, n] = real.shape as [number, number];
  const columns = [real, imaginary].map((ref) => reshapeRef(graph, ref, [rows, n, 1]));
  const { dtype } = real;
  const joined = graph.node("Concat", columns, [rows, n, 2], dtype, { axis: 2 });
  const out = graph.node("DFT", [joined], [rows, n, 2], dtype, { axis: 1, inverse: Number(inverse) });
  return [0, 1].map((i) => {
    const { base } = cut(graph, viewOf(out), [
      [0, rows],
      [0, n],
      [i, i + 1],
    ]);
    return reshapeRef(graph, base, [rows, n]);
  });
}

function byMatrix(graph: Graph, [real, imaginary]: [Ref, Ref], inverse: boolean): Ref[] {
  const [rows, n] = real.shape as [number, number];
  if (n > longestMatrix) {
    throw new UserError(
      `fft: length ${n} does not run; use a power of two, or at most ${longestMatrix} (pad the signal before)`,
    );
  }
  const dtype = real.dtype as "float32" | "float64";
  const table = (f: (angle: number) => number) => {
    const data = zeros(dtype, n * n);
    for (let j = 0; j < n; j++) {
      // The angle is reduced before it is turned into a float: j·k mod n is exact.
      for (let k = 0; k < n; k++) data[j * n + k] = f((2 * Math.PI * ((j * k) % n)) / n) / (inverse ? n : 1);
    }
    return graph.constant(dtype, [n, n], data);
  };
  const cosine = table(Math.cos);
  const sine = table(inverse ? (a) => -Math.sin(a) : Math.sin);
  const product = (a: Ref, b: Ref) => graph.node("MatMul", [a, b], [rows, n], dtype);
  const combine = (op: "Add" | "Sub", a: Ref, b: Ref) => graph.node(op, [a, b], [rows, n], dtype);
  return [
    combine("Add", product(real, cosine), product(imaginary, sine)),
    combine("Sub", product(imaginary, cosine), product(real, sine)),
  ];
}

/** Rules of Fourier transforms. */
export const fourierRules: Readonly<Record<string, Rule>> = { fft };
