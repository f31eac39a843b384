import type { Params } from "../core/params.ts";
import type { Lens } from "./contract.ts";
import { curvatureLens } from "./curvature/lens.ts";
import { embeddingLens } from "./embedding/lens.ts";
import { featuresLens } from "./features/lens.ts";
import { landscapeLens } from "./landscape/lens.ts";
import { relevanceLens } from "./relevance/lens.ts";
import { symbolicLens } from "./symbolic/lens.ts";

/** What a lens says of itself, whatever it looks at. */
export type LensDescription = Pick<
  Lens<never, Params>,
  "name" | "question" | "axes" | "citations" | "params"
>;

/** The lenses that come with physlens. */
export const lenses: readonly LensDescription[] = [
  embeddingLens,
  featuresLens,
  curvatureLens,
  relevanceLens,
  landscapeLens,
  symbolicLens,
];
