import { type BandOptions, bandImages, elasticBand } from "./elastic-band.ts";
import { type AnyLandscape, aligned } from "./landscape.ts";
import type { Search } from "./search.ts";
import {
  findTransitionState,
  type SearchFailure,
  type TransitionStateOptions,
  type Triple,
} from "./transition-state.ts";

export interface ConnectOptions extends TransitionStateOptions {
  band?: BandOptions;
  /** Images for each unit of aligned distance, where `band.images` does not say; default 10, more for later tries. */
  density?: number;
  /** Maxima of a band that are refined, highest first; default 5. */
  maxCandidates?: number;
}

export interface Searched {
  triples: Triple[];
  /** How many searches ended without a transition state, by reason. */
  failures: Partial<Record<SearchFailure, number>>;
}

/** A band between two minima after alignment; every maximum of it is refined to a transition state with its two minima. */
export function* connectPair(
  landscape: AnyLandscape,
  from: Float64Array,
  to: Float64Array,
  options: ConnectOptions = {},
): Search<Searched> {
  const { maxCandidates = 5, density = 10 } = options;
  const end = aligned(landscape, from, to);
  const images = bandImages(end.distance, density);
  const band = yield* elasticBand(from, end.x, { images, ...options.band });
  const triples: Triple[] = [];
  const failures: Searched["failures"] = {};
  const fail = (reason: SearchFailure) => {
    failures[reason] = (failures[reason] ?? 0) + 1;
  };
  if (band.maxima.length === 0) fail("no maximum on the band");
  for (const j of band.maxima.slice(0, maxCandidates)) {
    const found = yield* findTransitionState(band.images[j]!, band.tangents[j]!, options);
    if (found.ok) triples.push(found.triple);
    else fail(found.reason);
  }
  return { triples, failures };
}
