/** How the learning rate runs from the first step to the last. */
export const schedules = ["constant", "linear", "cosine"] as const;
export type Schedule = (typeof schedules)[number];

/**
 * The learning rate's factor at `step` of `steps` (counted from 0): 1 throughout, falling to 0 on a straight line, or
 * on half a cosine ½(1 + cos(π·step/steps)). It depends on nothing but its arguments, so that training can resume.
 */
export function scheduleFactor(schedule: Schedule, step: number, steps: number): number {
  switch (schedule) {
    case "constant":
      return 1;
    case "linear":
      return 1 - step / steps;
    case "cosine":
      return 0.5 * (1 + Math.cos((Math.PI * step) / steps));
  }
}
