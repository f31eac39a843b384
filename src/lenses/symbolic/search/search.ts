import { UserError } from "../../../core/errors.ts";
import type { SearchOptions, SearchProblem, SearchResult } from "./contract.ts";

/** Searches for expressions that explain the target: see `SearchOptions`. */
export async function searchExpressions(
  _problem: SearchProblem,
  _options: SearchOptions,
): Promise<SearchResult> {
  throw new UserError("searchExpressions: not built yet.");
}
