export { type IntegrateOptions, integrate, type Rate } from "./integrate.ts";
export { sampleBox } from "./sample-box.ts";
export { sampleSystem } from "./sample-system.ts";
export { strogatzSystems } from "./strogatz.ts";
export type { DynamicalSystem } from "./system.ts";
export { hopf, linearExample, lorenz, lotkaVolterra } from "./systems.ts";
