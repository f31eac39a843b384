import { selectFrames } from "../../data/configurations.ts";
import { evenly } from "../../lenses/relevance/network-look.ts";
import type { OtherNetwork, RelevanceSubject } from "../../lenses/relevance/subject.ts";
import type { FluidResult } from "./fluid-study.ts";

/** A fluid's network as the relevance lens takes it. */
export function fluidSubject(
  result: FluidResult,
  pairFluid: FluidResult | undefined,
  lookFrames: number,
): RelevanceSubject {
  const { name, system, frames, held, inefficiency, networks, elsewhere, outsideError } = result;
  const { config, match } = networks[0]!.trained;
  const rows = Object.fromEntries(config.species.map((word, row) => [word, row]));
  // The first held frames still remember the last ones that were trained on.
  const skipped = Math.max(0, Math.min(Math.ceil(inefficiency), held.frames - lookFrames));
  const looked = selectFrames(
    held,
    Array.from({ length: held.frames - skipped }, (_, f) => skipped + f),
  );
  const near = evenly(looked.frames, lookFrames).filter((f) => f + skipped < inefficiency).length;
  return {
    id: name,
    title: system.title,
    about: {
      model: `${config.architecture}, ${config.layers} layers of ${config.features} features, cutoff ${config.cutoff} Å`,
      data: `${frames.set.name}, ${frames.train.length} frames`,
      seeds: networks.map(({ seed }) => seed),
    },
    weights: networks[0]!.weights,
    species: rows,
    frames: looked,
    law: { field: system.field, name: system.field.name },
    temperature: system.temperature,
    others: networks.slice(1).map(({ seed, weights }): OtherNetwork => ({ seed, weights })),
    ...(pairFluid
      ? {
          pairwise: {
            title: pairFluid.system.title,
            networks: pairFluid.networks.map(({ weights }) => ({
              weights,
              species: Object.fromEntries(
                pairFluid.networks[0]!.trained.config.species.map((word, row) => [word, row]),
              ),
              frames: pairFluid.held,
            })),
          },
        }
      : {}),
    elsewhere: { parameter: "density", what: elsewhere.name, frames: elsewhere },
    errors: { inside: match.relative, outside: outsideError },
    leak: {
      split: "later frames of one trajectory are validated with",
      share: near / Math.min(looked.frames, lookFrames),
    },
    provenance: held.provenance,
  };
}
