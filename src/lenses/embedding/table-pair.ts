import type { TokenTable } from "./subject.ts";

/** One network's tables. */
export interface TablePair {
  Z: TokenTable;
  N: TokenTable;
}
