import type { Task } from "./task.ts";

/**
 * Lets signals, messages and progress through, then checks `task`. Long work on the main thread awaits this now and
 * then: an interrupt cannot be heard while a loop keeps the thread.
 * @throws Cancelled once the task has been told to stop.
 */
export async function breathe(task: Task): Promise<void> {
  await new Promise<void>((resolve) => {
    // A browser has no setImmediate.
    if (typeof setImmediate === "function") setImmediate(resolve);
    else setTimeout(resolve, 0);
  });
  task.check();
}
