import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { Cancelled, createTask, type Progress, quietTask, type Task } from "../../core/task.ts";
import { inBackground } from "./background.ts";

const signal = new AbortController().signal;

/** Work that goes on until it is let go or told to stop. */
function held() {
  let started = false;
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const work = async (task: Task) => {
    started = true;
    task.report(0.25, "a quarter");
    await Promise.race([
      released,
      new Promise((resolve) => task.signal.addEventListener("abort", resolve, { once: true })),
    ]);
    task.check();
    task.report(1, "all");
    return "done";
  };
  return { work, release, started: () => started };
}

test("goes on at once, and tells its progress only to whoever waits", async () => {
  const { work, release, started } = held();
  const background = inBackground(work, { signal, lazily: false });
  expect(started()).toBe(true);
  const heard: Progress[] = [];
  const waiting = background.wait(createTask({ listener: (progress) => heard.push(progress) }));
  expect(heard).toEqual([{ fraction: 0.25, message: "a quarter" }]);
  release();
  expect(await waiting).toBe("done");
  expect(heard.at(-1)).toEqual({ fraction: 1, message: "all" });
  await background.stop();
});

test("lazy work starts when somebody waits, and never if nobody does", async () => {
  const one = held();
  const lazy = inBackground(one.work, { signal, lazily: true });
  await setImmediate();
  expect(one.started()).toBe(false);
  one.release();
  expect(await lazy.wait(quietTask)).toBe("done");
  const other = held();
  await inBackground(other.work, { signal, lazily: true }).stop();
  expect(other.started()).toBe(false);
});

test("stop tells it to stop and waits for it; so does the signal of the whole study", async () => {
  const one = held();
  const background = inBackground(one.work, { signal, lazily: false });
  await background.stop();
  await expect(background.wait(quietTask)).rejects.toThrow(Cancelled);
  const study = new AbortController();
  const beside = inBackground(held().work, { signal: study.signal, lazily: false });
  study.abort();
  await expect(beside.wait(quietTask)).rejects.toThrow(Cancelled);
});

test("a failure nobody waits for stays silent; whoever waits gets it", async () => {
  const background = inBackground(
    async () => {
      throw new Error("broken");
    },
    { signal, lazily: false },
  );
  await setImmediate();
  await expect(background.wait(quietTask)).rejects.toThrow("broken");
  await background.stop();
});
