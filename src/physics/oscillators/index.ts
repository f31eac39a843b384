export { type Damped, dampedState, dampedTrajectory, gradedDamped } from "./damped.ts";
export { withNoise } from "./noise.ts";
export { type SpringSetOptions, springSet } from "./spring-set.ts";
export { staticLaw } from "./static-law.ts";
export { gradedSwing, type Swing, swingTrajectory } from "./swing.ts";
