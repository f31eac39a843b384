import { demand } from "../../core/errors.ts";
import type { Configurations } from "../../data/configurations.ts";
import { forceMatchingSet } from "../../data/force-matching.ts";
import { readNpy } from "../../data/npy.ts";
import { sha256 } from "../../data/sha256.ts";

/** The five backbone beads of alanine dipeptide, in the order of the arrays. */
export const alanineBeads = ["ACE-C", "ALA-N", "ALA-CA", "ALA-C", "NME-N"] as const;

/** Temperature of the simulation the set was mapped from, K. */
export const alanineTemperature = 300;

export const alanineCitation =
  "Wang, Olsson, Wehmeyer, Pérez, Charron, de Fabritiis, Noé & Clementi, ACS Cent. Sci. 5 (2019) 755";

/**
 * Alanine dipeptide in water, mapped to five backbone beads: coordinates (Å) and mapped forces (kcal/mol/Å) as NPY
 * arrays of shape frames×5×3. The forces carry the noise of everything that was mapped away; there are no energies.
 * @throws UserError for arrays of another shape and, naming frame and bead, for a number that is not finite.
 */
export function alanineSet(files: {
  coordinates: Uint8Array;
  forces: Uint8Array;
}): Configurations & { forces: Float64Array } {
  const [coordinates, forces] = (["coordinates", "forces"] as const).map((name) =>
    readNpy(files[name], `alanine ${name}`),
  );
  demand(
    coordinates!.shape.length === 3 && coordinates!.shape[1] === alanineBeads.length,
    () =>
      `alanine coordinates of shape [${coordinates!.shape.join(", ")}]; expected frames × ${alanineBeads.length} × 3`,
  );
  const set = forceMatchingSet(
    { positions: coordinates!, forces: forces! },
    {
      name: "alanine dipeptide",
      species: alanineBeads,
      units: { length: "angstrom", energy: "kcal/mol" },
      provenance: (["coordinates", "forces"] as const).map((name) => ({
        name: `alanine dipeptide, ${name}`,
        source: `ala2_${name}.npy`,
        sha256: sha256(files[name]),
        citation: alanineCitation,
        license: "BSD-3-Clause",
      })),
    },
  );
  return { ...set, forces: set.forces! };
}
