import { existsSync } from "node:fs";
import { demand } from "../../core/errors.ts";
import { loadNetwork } from "../../data/stationary-points.ts";
import { exploreUntil } from "../../lenses/landscape/explore-until.ts";
import type { Explorer } from "../../lenses/landscape/explorer.ts";
import { explorationOf, growthOf, type LandscapeOptions } from "../../lenses/landscape/options.ts";
import type { Network } from "../../optim/landscape/network.ts";
import type { StudyContext } from "../contract.ts";
import { decodeExploration, encodeExploration } from "./network-bytes.ts";

/** Explorations in worker threads, each kept as a checkpoint once it is done; one with a network goes on from it. */
export function checkpointedExplorer(
  options: LandscapeOptions,
  { checkpoints, threads }: Pick<StudyContext, "checkpoints" | "threads">,
): (...given: [...Parameters<Explorer>, Network?]) => ReturnType<Explorer> {
  return async (source, { seed, label, task }, network) => {
    const key = `landscape/${label}`;
    const held = checkpoints.read(key);
    if (held) return decodeExploration(held);
    const lanes = threads > 1 ? threads : 0;
    const found = await exploreUntil(
      {
        ...{ source, seed, threads: lanes, task, ...explorationOf(options) },
        ...(network && { network }),
      },
      growthOf(options),
    );
    checkpoints.write(key, encodeExploration(found));
    return found;
  };
}

/** The network of an earlier run. @throws UserError for a file that is not there, or of another landscape. */
export function earlierNetwork(file: string, landscape: string): Network | undefined {
  if (file === "") return undefined;
  demand(
    existsSync(file),
    () => `${file}: no such file; option 'network' takes the .sqlite of an earlier run`,
  );
  const network = loadNetwork(file);
  demand(
    network.landscape === landscape,
    () =>
      `${file} holds ${network.landscape}, this run explores ${landscape}; run with the data, units and λ of that file, or without --network`,
  );
  return network;
}
