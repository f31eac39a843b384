export type { Pure, Tree } from "./function.ts";
export { type Gradient, type GradOptions, grad, valueAndGrad } from "./grad.ts";
export { hessian, hvp } from "./hessian.ts";
export { jacobian } from "./jacobian.ts";
export { jvp } from "./jvp.ts";
export { perSampleGrad } from "./per-sample-grad.ts";
export { patch, siteGrad, type Tapped, tap } from "./taps.ts";
export { vjp } from "./vjp.ts";
export { vmap } from "./vmap.ts";
