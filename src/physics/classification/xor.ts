import { demand } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import { type LabelledData, labelled } from "./labelled-data.ts";

/**
 * The exclusive or of two bits, `copies` times over: the four rows 00, 01, 10, 11 with classes 0, 1, 1, 0. With `noise`
 * every bit gets a normal number of that size added; `nuisance` columns of standard normal numbers say nothing.
 */
export function xor(
  options: { copies?: number; noise?: number; nuisance?: number } = {},
  random?: Random,
): LabelledData {
  const { copies = 1, noise = 0, nuisance = 0 } = options;
  demand(noise >= 0, () => `xor: noise ${noise}; expected a number of at least 0`);
  demand(
    Number.isInteger(nuisance) && nuisance >= 0,
    () => `xor: ${nuisance} nuisance columns; expected a whole number of at least 0`,
  );
  demand(
    random || (noise === 0 && nuisance === 0),
    () => "xor: noise and nuisance columns are drawn at random; pass a random stream",
  );
  return labelled(
    {
      name: `XOR, noise ${noise}, ${nuisance} nuisance columns`,
      rows: 4 * copies,
      classes: ["equal", "different"],
      names: ["a", "b", ...nuisanceNames(nuisance)],
      relevant: [0, 1],
    },
    (i) => {
      const bits = [(i >> 1) & 1, i & 1] as const;
      const x = bits.map((bit) => (noise > 0 ? bit + noise * random!.normal() : bit));
      return { x: [...x, ...nuisanceValues(nuisance, random)], label: bits[0] ^ bits[1] };
    },
  );
}

/** Names of columns that say nothing: noise1, noise2, … */
export function nuisanceNames(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `noise${i + 1}`);
}

/** Standard normal numbers for such columns. */
export function nuisanceValues(count: number, random: Random | undefined): number[] {
  return Array.from({ length: count }, () => random!.normal());
}
