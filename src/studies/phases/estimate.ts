import { listOf, sizesOf } from "./data.ts";
import type { PhasesOptions } from "./params.ts";

/**
 * What a run will cost, from times measured on one core of a small shared machine: a network on the whole training set
 * 30 s and its answers 35 s with retraining, on plateaus 5 s (more on longer rings), on a thinned set with shuffled
 * labels 3 s.
 */
export function estimate(options: PhasesOptions, threads: number): { seconds: number; note: string } {
  const share = options.points / 500;
  const cuts = 1 + listOf(options.alsoCuts).length;
  const plateaued = options.cut === "cdw1" && options.recipe === "minimum" && options.weights === "";
  const size = (L: number) => ({ 8: 0.3, 10: 0.6, 12: 1, 14: 4, 16: 14 })[L] ?? 1;
  const rings = sizesOf(options.sizes).reduce((sum, L) => sum + size(L), 0);
  const plateaus = plateaued ? (rings + listOf(options.plateaus).length) * options.seeds * 5 * share : 0;
  const retrained = 2 * options.leaveOut + options.bootstraps + 12;
  const networks = options.seeds * 45 * share * size(options.L) + retrained * share * size(options.L);
  const work = cuts * networks + plateaus + options.shuffles * 3 * (options.thinned / 40) * size(options.L);
  const seconds = Math.ceil(5 + work / Math.min(2, Math.max(1, threads)));
  return {
    seconds,
    note: `${options.seeds} network${options.seeds === 1 ? "" : "s"} of ${2 * options.points} states on ${cuts} cut${cuts === 1 ? "" : "s"}, plateau networks, and ${options.shuffles} on shuffled labels`,
  };
}
