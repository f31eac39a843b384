import { usageError } from "../../core/errors.ts";
import { didYouMean } from "../../core/suggest.ts";
import type { Landscape } from "../../optim/landscape/landscape.ts";
import { doubleWell } from "./double-well.ts";
import { himmelblau } from "./himmelblau.ts";
import { mullerBrown } from "./muller-brown.ts";
import { sixHumpCamel } from "./six-hump-camel.ts";
import { type Surface, surfaceLandscape } from "./surface.ts";

/** The test surfaces by the name of a command line. */
export const surfaces: Readonly<Record<string, Surface>> = {
  "muller-brown": mullerBrown,
  "six-hump-camel": sixHumpCamel,
  himmelblau,
  "double-well": doubleWell(),
};

/** The landscape of a named surface, from plain data, for worker threads. @throws UserError for an unknown name. */
export function surfaceFrom(input: unknown): Landscape {
  const { name } = input as { name: string };
  const surface = surfaces[name];
  if (!surface) throw usageError(`unknown surface '${name}'${didYouMean(name, Object.keys(surfaces))}`);
  return surfaceLandscape(surface);
}
