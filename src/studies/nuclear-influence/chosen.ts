import { usageError } from "../../core/errors.ts";
import type { NuclearData } from "../nuclear/data.ts";

/** How many nuclei are asked about where none are named. */
const usual = 5;

/**
 * Rows of the samples to ask about: held-out nuclei named like Z50N70, or, without names, five spread evenly over the
 * held-out ones by mass number.
 * @throws UserError for text that names no nucleus, and for a nucleus that is not held out in this split.
 */
export function chosenNuclei(text: string, { samples, validation }: NuclearData): number[] {
  const { z, n } = samples;
  const held = Array.from(validation).sort((a, b) => z[a]! + n[a]! - z[b]! - n[b]! || z[a]! - z[b]!);
  if (text.trim() === "") {
    const count = Math.min(usual, held.length);
    return Array.from({ length: count }, (_, k) => held[Math.floor(((k + 0.5) * held.length) / count)]!);
  }
  return text.split(",").map((part) => {
    const named = /^\s*Z\s*=?\s*(\d+)\s*N\s*=?\s*(\d+)\s*$/i.exec(part);
    if (!named) {
      throw usageError(`option 'nuclei': ${JSON.stringify(part.trim())}; expected such as Z50N70,Z82N126`);
    }
    const [protons, neutrons] = [Number(named[1]), Number(named[2])];
    const row = held.find((i) => z[i] === protons && n[i] === neutrons);
    if (row !== undefined) return row;
    const near = held
      .toSorted(
        (a, b) =>
          Math.abs(z[a]! - protons) +
          Math.abs(n[a]! - neutrons) -
          Math.abs(z[b]! - protons) -
          Math.abs(n[b]! - neutrons),
      )
      .slice(0, 3)
      .map((i) => `Z${z[i]}N${n[i]}`);
    throw usageError(
      `option 'nuclei': Z = ${protons}, N = ${neutrons} is not held out with this seed; near it are: ${near.join(", ")}`,
    );
  });
}

/** "Z=50 N=70" */
export function nucleusName({ samples: { z, n } }: NuclearData, row: number): string {
  return `Z=${z[row]} N=${n[row]}`;
}
