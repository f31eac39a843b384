import { UserError } from "../../core/errors.ts";
import type { NeighbourGraph } from "../../physics/fluids/graph.ts";
import type { EnergyAndForces } from "./graph-gradient.ts";
import { type Painn, painnPotential } from "./painn.ts";
import { painnForces } from "./painn-forces.ts";
import { runPainn } from "./painn-forward.ts";
import type { RadialBasis } from "./radial.ts";
import { type Schnet, schnetPotential } from "./schnet.ts";
import { schnetForces } from "./schnet-forces.ts";
import { runSchnet } from "./schnet-forward.ts";
import { type So3net, so3net } from "./so3net.ts";
import { so3netForces } from "./so3net-forces.ts";
import { runSo3net } from "./so3net-forward.ts";
import type { NamedWeights } from "./weights.ts";

/** A graph network that gives energies, in float64. */
export type GraphNetwork = Schnet | Painn | So3net;

/**
 * The network that these weights belong to: told from their names.
 * @param options.basis where the weights do not hold the radial basis.
 * @param options.tables as in {@link so3net}.
 * @throws UserError for weights of no known architecture, and as the reader of the architecture.
 */
export function graphNetwork(
  weights: NamedWeights,
  options: { source?: string; basis?: RadialBasis; tables?: "exact" | "published" } = {},
): GraphNetwork {
  const names = [...weights.keys()];
  const some = (part: string) => names.some((name) => name.startsWith(`representation.${part}`));
  if (some("so3convs.")) return so3net(weights, options);
  if (some("mixing.")) return painnPotential(weights, options);
  if (some("interactions.")) return schnetPotential(weights, options);
  throw new UserError(
    `${options.source ?? "graphNetwork"}: no weights of SchNet (representation.interactions…), PaiNN (representation.mixing…) or SO3net (representation.so3convs…); there are ${names.join(", ")}`,
  );
}

/** Energy of a frame, kcal/mol. `species`: a row of the embedding for each bead. */
export function networkEnergy(net: GraphNetwork, graph: NeighbourGraph, species: Int32Array): number {
  switch (net.architecture) {
    case "schnet":
      return runSchnet(net, graph, species).energy;
    case "painn":
      return runPainn(net, graph, species).energy;
    case "so3net":
      return runSo3net(net, graph, species).energy;
  }
}

/** Energy, forces and virial of a frame. */
export function networkForces(
  net: GraphNetwork,
  graph: NeighbourGraph,
  species: Int32Array,
): EnergyAndForces {
  switch (net.architecture) {
    case "schnet":
      return schnetForces(net, runSchnet(net, graph, species));
    case "painn":
      return painnForces(net, runPainn(net, graph, species));
    case "so3net":
      return so3netForces(net, runSo3net(net, graph, species));
  }
}
