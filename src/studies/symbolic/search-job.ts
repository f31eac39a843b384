import type { Task } from "../../core/task.ts";
import { type SearchOutcome, type SearchRequest, searchJob } from "../../lenses/symbolic/runner.ts";
import { folderStore } from "../../runs/folder-store.ts";
import { outcomeKey, packOutcome } from "./outcomes.ts";

/** A search, and the folder in which its outcome is kept. */
export interface StoredSearch {
  request: SearchRequest;
  /** Names the analysis: outcomes of two analyses stay apart. */
  scope: string;
  folder?: string;
}

/** Runs a search in whatever thread and keeps its outcome. */
export async function storedSearch(
  { request, scope, folder }: StoredSearch,
  task: Task,
): Promise<SearchOutcome> {
  const outcome = await searchJob(request, task);
  if (folder !== undefined) folderStore(folder).write(outcomeKey(scope, request.name), packOutcome(outcome));
  return outcome;
}
