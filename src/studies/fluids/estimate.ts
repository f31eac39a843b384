import type { FluidsOptions } from "./params.ts";

/**
 * What a run will cost, from times on one core of a small shared machine: frames of a fluid 20 s, a network 70 s, its
 * dynamics 60 s, a look at one network 120 s with its like.
 */
export function estimate(options: FluidsOptions, threads: number): { seconds: number; note: string } {
  const lanes = Math.min(2, Math.max(1, threads));
  if (options.weights !== "") return { seconds: 120, note: "a given network on given frames" };
  const { system, seeds, share, dynamics, conserved, lookFrames, nulls } = options;
  const fluids = system === "both" || system === "all" ? 2 : system === "alanine" ? 0 : 1;
  const networks = (system === "lj" ? 1 : system === "mw" ? 2 : fluids === 2 ? 3 : 0) * seeds;
  const ran = fluids * ((2 * dynamics + 2 * conserved) / 5200);
  const look = fluids * (20 + 6 * lookFrames + 2 * nulls + 6 * seeds);
  const alanine = system === "alanine" || system === "all" ? 240 : 0;
  const work = share * (20 * fluids + 70 * networks) + 60 * ran + look + alanine;
  return {
    seconds: Math.ceil(15 + work / lanes),
    note: `${networks} networks trained on forces, their own dynamics, and the relevance of ${lookFrames} frames each beside the exact expansion`,
  };
}
