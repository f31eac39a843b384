import { mapInWorkers } from "../../core/workers.ts";
import {
  type SearchOutcome,
  type SearchRequest,
  type SearchRunner,
  searchJob,
} from "../../lenses/symbolic/runner.ts";
import type { StudyContext } from "../contract.ts";
import { outcomeKey, packOutcome, unpackOutcome } from "./outcomes.ts";
import type { StoredSearch } from "./search-job.ts";

const ending = import.meta.url.endsWith(".ts") ? ".ts" : ".js";

/**
 * Runs searches in the study's threads and keeps each outcome as soon as it is there, so that an interrupted run goes on
 * from it. A single search gets all threads; several run side by side, one thread each. Outcomes do not depend on it.
 * @param scope names the analysis within the run
 */
export function searchRunner(
  { checkpoints, threads }: Pick<StudyContext, "checkpoints" | "threads">,
  scope: string,
): SearchRunner {
  const known = (request: SearchRequest): SearchOutcome | undefined => {
    const bytes = checkpoints.read(outcomeKey(scope, request.name));
    return bytes && unpackOutcome(bytes);
  };
  return async (requests, task) => {
    const outcomes = requests.map(known);
    const missing = requests.filter((_, i) => outcomes[i] === undefined);
    const made =
      missing.length === 1 ? [await alone(missing[0]!)] : missing.length > 1 ? await sideBySide(missing) : [];
    const byName = new Map(missing.map((request, i) => [request.name, made[i]!]));
    return requests.map((request, i) => outcomes[i] ?? byName.get(request.name)!);

    async function alone(request: SearchRequest): Promise<SearchOutcome> {
      const outcome = await searchJob(request, task, { threads: threads < 2 ? 0 : threads });
      checkpoints.write(outcomeKey(scope, request.name), packOutcome(outcome));
      return outcome;
    }

    function sideBySide(open: readonly SearchRequest[]): Promise<SearchOutcome[]> {
      const folder = checkpoints.path;
      return mapInWorkers<StoredSearch, SearchOutcome>({
        module: new URL(`./search-job${ending}`, import.meta.url),
        fn: "storedSearch",
        inputs: open.map((request) => ({ request, scope, ...(folder === undefined ? {} : { folder }) })),
        threads: Math.min(threads, open.length),
        task,
      });
    }
  };
}
