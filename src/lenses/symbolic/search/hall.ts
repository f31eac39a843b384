import type { FrontMember } from "./contract.ts";
import type { Candidate } from "./job.ts";

/** The best expression of every complexity, on all rows. */
export interface Hall {
  best: (Candidate | undefined)[];
  /** Losses below this are rounding: they count as this. */
  floor: number;
}

/** Takes the candidate in where it is the best of its complexity. Whether it was. */
export function enter(hall: Hall, candidate: Candidate): boolean {
  const held = hall.best[candidate.complexity];
  const loss = Math.max(candidate.loss, hall.floor);
  if (held !== undefined && !(loss < Math.max(held.loss, hall.floor) * (1 - 1e-9))) return false;
  hall.best[candidate.complexity] = candidate;
  return true;
}

/** Those that nothing simpler equals, complexity rising and loss falling. */
export function frontOf(hall: Hall): FrontMember[] {
  const front: FrontMember[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of hall.best) {
    if (candidate == null || !(Math.max(candidate.loss, hall.floor) < least)) continue;
    least = Math.max(candidate.loss, hall.floor);
    front.push({ ...candidate });
  }
  return front;
}

/** The smallest loss of each complexity. */
export const lossesOf = (hall: Hall): number[] =>
  Array.from(hall.best, (c) => c?.loss ?? Number.POSITIVE_INFINITY);
