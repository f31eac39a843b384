import type { SearchOutcome } from "../../lenses/symbolic/runner.ts";

/** Where the outcome of one search of an analysis is kept. */
export const outcomeKey = (scope: string, name: string): string => `search/${scope}/${name}`;

/** An outcome as bytes; all its numbers are finite, so that JSON gives them back to the bit. */
export const packOutcome = (outcome: SearchOutcome): Uint8Array =>
  new TextEncoder().encode(JSON.stringify(outcome));

export const unpackOutcome = (bytes: Uint8Array): SearchOutcome =>
  JSON.parse(new TextDecoder().decode(bytes)) as SearchOutcome;
