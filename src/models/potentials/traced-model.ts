import { type SchNetConfig, tracedSchnet } from "./schnet-traced.ts";
import { type So3netConfig, tracedSo3net } from "./so3net-traced.ts";
import type { TracedPotential } from "./traced.ts";

/** Hyper-parameters of a network of any architecture that can be trained. */
export type PotentialConfig = SchNetConfig | So3netConfig;

/** The traced network of `config`. @throws UserError for a hyper-parameter out of range. */
export function tracedPotential(config: PotentialConfig): TracedPotential {
  return config.architecture === "schnet" ? tracedSchnet(config) : tracedSo3net(config);
}
