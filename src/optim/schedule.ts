/** How the learning rate runs from the first step to the last. */
export const schedules = ["constant", "linear", "cosine"] as const;
export type Schedule = (typeof schedules)[number];

/**
 * The learning rate's factor at `step` of `steps` (counted from 0): 1 throughout, falling to 0 on a straight line, or
 * on half a cosine ½(1 + cos(π·step/steps)); over the first share `warmup` of the steps it is multiplied by a ramp from
 * 0 to 1. It depends on nothing but its arguments, so that training can resume.
 */
export function scheduleFactor(schedule: Schedule, step: number, steps: number, warmup = 0): number {
  const ramp = warmup > 0 ? Math.min(1, (step + 1) / (warmup * steps)) : 1;
  switch (schedule) {
    case "constant":
      return ramp;
    case "linear":
      return ramp * (1 - step / steps);
    case "cosine":
      return ramp * 0.5 * (1 + Math.cos((Math.PI * step) / steps));
  }
}
