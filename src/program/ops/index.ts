export * from "./activation.ts";
export * from "./arithmetic.ts";
export * from "./compare.ts";
export * from "./convolution.ts";
export * from "./create.ts";
export * from "./cumulative.ts";
export * from "./erf.ts";
export * from "./exponential.ts";
export * from "./gather.ts";
export * from "./gradient.ts";
export * from "./linear.ts";
export * from "./reduce.ts";
export { scope } from "./scope.ts";
export * from "./shape.ts";
export * from "./softmax.ts";
export * from "./trigonometric.ts";
export {
  constant,
  describe,
  dtypeOf,
  type Operand,
  toTyped,
  type Value,
} from "./value.ts";
export { withDerivative } from "./with-derivative.ts";
