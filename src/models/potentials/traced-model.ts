import { type PainnConfig, tracedPainn } from "./painn-traced.ts";
import { type SchNetConfig, tracedSchnet } from "./schnet-traced.ts";
import { type So3netConfig, tracedSo3net } from "./so3net-traced.ts";
import type { TracedPotential } from "./traced.ts";

/** Hyper-parameters of a network of any architecture that can be trained. */
export type PotentialConfig = SchNetConfig | PainnConfig | So3netConfig;

/** The traced network of `config`. @throws UserError for a hyper-parameter out of range. */
export function tracedPotential(config: PotentialConfig): TracedPotential {
  switch (config.architecture) {
    case "schnet":
      return tracedSchnet(config);
    case "painn":
      return tracedPainn(config);
    case "so3net":
      return tracedSo3net(config);
  }
}
