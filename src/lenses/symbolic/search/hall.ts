import type { FrontMember } from "./contract.ts";
import type { Candidate } from "./job.ts";

/** The best expression of every complexity, on all rows. */
export interface Hall {
  best: (Candidate | undefined)[];
}

/** Takes the candidate in where it is the best of its complexity. Whether it was. */
export function enter(hall: Hall, candidate: Candidate): boolean {
  const held = hall.best[candidate.complexity];
  if (held !== undefined && !(candidate.loss < held.loss * (1 - 1e-9))) return false;
  hall.best[candidate.complexity] = candidate;
  return true;
}

/** Those that nothing simpler equals, complexity rising and loss falling. */
export function frontOf(hall: Hall): FrontMember[] {
  const front: FrontMember[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of hall.best) {
    if (candidate == null || !(candidate.loss < least)) continue;
    least = candidate.loss;
    front.push({ ...candidate });
  }
  return front;
}

/** The smallest loss of each complexity. */
export const lossesOf = (hall: Hall): number[] =>
  Array.from(hall.best, (c) => c?.loss ?? Number.POSITIVE_INFINITY);
