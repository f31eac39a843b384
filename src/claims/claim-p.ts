import { type EvidenceCard, isNotRun } from "./card.ts";

/** Tests are judged at this level, single ones and the adjusted p alike. */
export const level = 0.05;

/** The one p-value that stands for a claim. */
export interface ClaimP {
  p: number;
  /** The smallest p that the deciding test could have given. */
  floor: number;
  /** The null model of the deciding test. */
  name: string;
}

/**
 * The p-value that stands for a claim with several null tests: the largest, because the claim has to beat every null
 * model (an intersection–union test keeps its level that way: Berger, Technometrics 24 (1982) 295). Tests with too few
 * draws to reach the level take no part; undefined if no other is left. A test that no draw reached says "at most its
 * floor": where another test of the claim has a finer floor, it is passed over, so that a coarse test that was passed
 * (19 reruns) does not stand in for a fine one (999 random walks).
 */
export function claimP(card: EvidenceCard): ClaimP | undefined {
  if (isNotRun(card.null)) return undefined;
  const able = card.null.filter(({ floor }) => floor <= level);
  const finest = Math.min(...able.map(({ floor }) => floor));
  const telling = able.filter(({ exceedances, floor }) => exceedances > 0 || floor === finest);
  const [first] = [...telling].sort((a, b) => b.p - a.p || b.floor - a.floor);
  return first && { p: first.p, floor: first.floor, name: first.name };
}
