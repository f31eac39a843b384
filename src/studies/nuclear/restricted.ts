import type { Random } from "../../core/random.ts";
import type { HeldOutNetwork } from "../../lenses/embedding/held-out.ts";
import { fewestTokens } from "../../lenses/embedding/helix-window.ts";
import { takeSamples } from "../../models/samples.ts";
import { minMaxScaling } from "../../models/target-scaling.ts";
import { tokenRegressor } from "../../models/token-regressor.ts";
import type { TrainedTokenRegressor } from "../../models/train-token-regressor.ts";
import { nucleiOf } from "../../physics/nuclear/nuclides.ts";
import { quantile } from "../../stats/quantile.ts";
import { bindingRows } from "./baselines.ts";
import type { NuclearData } from "./data.ts";
import { sharedJob } from "./networks.ts";
import type { NuclearOptions } from "./params.ts";
import { tokenTable } from "./subject.ts";
import type { NetworkJob } from "./train-network.ts";

/** A restriction with the network that it trained. */
export type RestrictedNetwork = Restriction & { network: TrainedTokenRegressor };

/** The control parameters whose extreme fifths are held out: A for the last layer and the claims on N, Z for those on Z. */
const parameters = {
  A: (z: number, n: number) => z + n,
  Z: (z: number) => z,
} as const;
export type RestrictedParameter = keyof typeof parameters;

/** A network that learns the middle three fifths of the nuclei by one control parameter. */
export interface Restriction {
  parameter: RestrictedParameter;
  /** Least and greatest value that takes part. */
  low: number;
  high: number;
  /** "A below 78 and above 210" */
  heldOut: string;
  job: NetworkJob;
  /** Flags by token: does it occur in this network's training? */
  trainedZ: boolean[];
  trainedN: boolean[];
  /** Rows of the chart with binding energies whose Z and N the network knows: those that train, those within the range
   * that do not, and those beyond either end, which it never saw, whether they train the study's networks or not. */
  training: Int32Array;
  inside: Int32Array;
  below: Int32Array;
  above: Int32Array;
}

/**
 * One network a control parameter, trained by the study's recipe on those of its training values whose nucleus lies
 * between the 20 % and 80 % quantile of the parameter over all nuclides that take part. One that would know too few
 * tokens to say anything about is left out.
 */
export function restrictions(data: NuclearData, options: NuclearOptions, random: Random): Restriction[] {
  if (!options.extremeFifths) return [];
  const { samples, split, targets, chartRow, table, tasks } = data;
  const nuclei = nucleiOf(table);
  const shared = sharedJob(data, options);
  return (Object.keys(parameters) as RestrictedParameter[]).flatMap((parameter): Restriction[] => {
    const values = Array.from(nuclei.z, (z, i) => parameters[parameter](z, nuclei.n[i]!));
    const [low, high] = [Math.ceil(quantile(values, 0.2)), Math.floor(quantile(values, 0.8))];
    const within = (nucleus: number) => values[nucleus]! >= low && values[nucleus]! <= high;
    const train = split.train.filter((i) => within(targets[i]!.nucleus));
    const flags = (tokens: Int32Array, like: readonly boolean[]) => {
      const known = new Set(Array.from(train, (i) => tokens[i]!));
      return like.map((_, token) => known.has(token));
    };
    const trainedZ = flags(samples.z, data.trainedZ);
    const trainedN = flags(samples.n, data.trainedN);
    const known = (z: number, n: number) => trainedZ[z] === true && trainedN[n] === true;
    const validation = data.validation.filter(
      (i) => within(targets[i]!.nucleus) && known(samples.z[i]!, samples.n[i]!),
    );
    const enough = [trainedZ, trainedN].every((of) => of.filter(Boolean).length >= fewestTokens);
    const measured = (entries: Int32Array) => entries.some((i) => samples.task[i] === 0);
    if (!enough || !measured(train) || !measured(validation)) return [];
    const asked = Array.from(values.keys()).filter((i) => known(nuclei.z[i]!, nuclei.n[i]!));
    const rows = (of: (value: number) => boolean) =>
      Int32Array.from(
        asked.filter((i) => of(values[i]!)),
        (i) => chartRow[i]!,
      );
    const scaled = options.scaling === "whole-table" ? samples : takeSamples(samples, train);
    const names = tasks.map(({ name }) => name);
    return [
      {
        ...{ parameter, low, high, trainedZ, trainedN },
        heldOut: `${parameter} below ${low} and above ${high}`,
        training: bindingRows(data, train),
        inside: bindingRows(data, validation),
        below: rows((value) => value < low),
        above: rows((value) => value > high),
        job: {
          ...shared,
          training: { ...shared.training, rows: "gather" },
          stream: 0,
          name: `restricted-${parameter}`,
          seed: random.fork("restricted", parameter).int(2 ** 31),
          ...{ samples, train, validation },
          scaling: minMaxScaling(scaled, names),
        },
      },
    ];
  });
}

/** The tables of the network that never saw the extremes of `parameter`, if there is one. */
export function heldOutNetwork(
  restricted: readonly RestrictedNetwork[],
  parameter: RestrictedParameter,
): HeldOutNetwork | undefined {
  const found = restricted.find((one) => one.parameter === parameter);
  if (!found) return undefined;
  const { network, heldOut, trainedZ, trainedN } = found;
  const model = tokenRegressor(network.config);
  return {
    pair: {
      Z: tokenTable(model, network.parameters, "Z", trainedZ),
      N: tokenTable(model, network.parameters, "N", trainedN),
    },
    parameter,
    heldOut,
  };
}
