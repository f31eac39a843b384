import { multitaskOptions, parseFractions, parseWeightDecays, weightDecayOptions } from "./comparison.ts";
import { multitaskFraction, multitaskSplits, multitaskTasks } from "./multitask.ts";
import type { NuclearOptions } from "./params.ts";

/**
 * Seconds of the audit on the computer whose constants `estimate` states: Gaussian processes by the cube of the nuclei
 * they train on, the compared networks by `training`, splits for the leak, the rest flat.
 * @param training seconds of one network's training with these options.
 */
export function auditSeconds(
  options: NuclearOptions,
  threads: number,
  training: (options: NuclearOptions) => number,
): { seconds: number; note: string } {
  const { nuclides, fraction, gaussianProcesses, refereeSplits, fractionSeeds, leakSeeds } = options;
  const lanes = Math.max(1, threads);
  const side = (jobs: readonly number[]) => {
    const longest = Math.max(0, ...jobs);
    return Math.max(longest, jobs.reduce((sum, job) => sum + job, 0) / lanes);
  };
  const all = nuclides === "all" ? 3240 : 2400;
  const process = (share: number) => 3e-10 * (share * all) ** 3;
  const shares = [
    fraction,
    ...(refereeSplits > 0 ? [0.97, 0.94, 0.92] : []),
    ...[0.1, 0.5, 0.9].flatMap((share) => new Array<number>(refereeSplits).fill(share)),
  ];
  const processes = gaussianProcesses ? shares.flatMap((share) => [process(share), process(share)]) : [];
  const sizedBy = (recipe: NuclearOptions): NuclearOptions => ({
    ...recipe,
    width: recipe.comparisonWidth,
    epochs: recipe.comparisonEpochs,
  });
  const sized = sizedBy(options);
  const fractions = parseFractions(options.fractions);
  const networks = fractions.flatMap((share) =>
    new Array<number>(fractionSeeds).fill(training({ ...sized, fraction: share })),
  );
  const decays = parseWeightDecays(options.weightDecays).flatMap(() =>
    new Array<number>(fractionSeeds).fill(training(sizedBy(weightDecayOptions(options)))),
  );
  const half = { ...sizedBy(multitaskOptions(options)), fraction: multitaskFraction };
  const several = options.multitask
    ? multitaskSplits.flatMap(() => [
        training({ ...half, tasks: multitaskTasks(options).join(",") }),
        ...multitaskTasks(options).map(() => training({ ...half, tasks: "binding" })),
      ])
    : [];
  const widths = { tasks: multitaskOptions(options), decays: weightDecayOptions(options) };
  const said = [
    ...(processes.length > 0 ? [`${processes.length} Gaussian processes`] : []),
    ...(networks.length > 0 ? [`${networks.length} networks of width ${sized.width} to compare`] : []),
    ...(several.length > 0
      ? [`${several.length} of width ${widths.tasks.comparisonWidth} for one task or several`]
      : []),
    ...(decays.length > 0
      ? [`${decays.length} of width ${widths.decays.comparisonWidth} for weight decay`]
      : []),
  ];
  return {
    seconds:
      side(processes) +
      side(networks) +
      side(several) +
      side(decays) +
      0.4 * leakSeeds +
      2 +
      0.5 * refereeSplits,
    note: said.join(", "),
  };
}
