import { defaults } from "../../core/params.ts";
import { nature } from "../../lenses/relevance/about.ts";
import type { RelevanceOptions } from "../../lenses/relevance/options.ts";
import type { FluidsOptions } from "./params.ts";

/** The lens's options among the study's. */
export function lensOptions(options: FluidsOptions): RelevanceOptions {
  const named = Object.keys(nature.params).filter(
    (name) => Object.hasOwn(options, name) && name !== "frames",
  );
  return {
    ...defaults(nature.params),
    ...(Object.fromEntries(named.map((name) => [name, options[name as keyof FluidsOptions]])) as object),
    frames: options.lookFrames,
  } as RelevanceOptions;
}
