import { describe, expect, test } from "vitest";
import { UserError } from "./errors.ts";
import { Cancelled, createTask, type Progress, quietTask } from "./task.ts";
import { mapInWorkers } from "./workers.ts";

const module = new URL("../../test/fixtures/worker-jobs.ts", import.meta.url);

test.each([0, 1, 2, 5])("%i threads give the outputs in the order of the inputs", async (threads) => {
  const inputs = [1, 2, 3, 4, 5];
  const seen: Progress[] = [];
  const task = createTask({ listener: (progress) => seen.push(progress) });
  expect(await mapInWorkers({ module, fn: "square", inputs, threads, task })).toEqual([1, 4, 9, 16, 25]);
  expect(seen.every(({ fraction }) => fraction >= 0 && fraction <= 1)).toBe(true);
  if (threads > 0) expect(seen.at(-1)).toEqual({ fraction: 1, message: "5 of 5 done" });
  expect(seen.some(({ message }) => message.includes("squaring"))).toBe(true);
});

test("no inputs give no outputs", async () => {
  expect(await mapInWorkers({ module, fn: "square", inputs: [], threads: 2, task: quietTask })).toEqual([]);
});

test("cancelling reaches loops that never yield, and each job returns before its thread ends", async () => {
  const cells = new Int32Array(new SharedArrayBuffer(8));
  const controller = new AbortController();
  const work = mapInWorkers({
    module,
    fn: "spin",
    inputs: [0, 1].map((index) => ({ cells, index })),
    threads: 2,
    task: createTask({ signal: controller.signal }),
  });
  const waiting = setInterval(() => {
    if (cells[0] === 1 && cells[1] === 1) controller.abort();
  }, 5);
  await expect(work).rejects.toBeInstanceOf(Cancelled);
  clearInterval(waiting);
  expect([...cells]).toEqual([11, 11]);
});

test("a task that is already cancelled starts nothing", async () => {
  const cells = new Int32Array(new SharedArrayBuffer(4));
  const task = createTask({ signal: AbortSignal.abort() });
  for (const threads of [0, 1]) {
    const work = mapInWorkers({ module, fn: "spin", inputs: [{ cells, index: 0 }], threads, task });
    await expect(work).rejects.toBeInstanceOf(Cancelled);
  }
  expect(cells[0]).toBe(0);
});

describe("errors", () => {
  const run = (fn: string, inputs: unknown[], threads = 2) =>
    mapInWorkers({ module, fn, inputs, threads, task: quietTask }).then(
      () => expect.fail("should have failed"),
      (error: unknown) => error as Error,
    );

  test("a UserError stays one, with its exit status, and the other jobs are told to stop", async () => {
    for (const inputs of [
      [1, 2],
      [2, 1],
    ]) {
      const error = await run("failOnOdd", inputs);
      expect(error).toBeInstanceOf(UserError);
      expect(error).toMatchObject({ message: "column 'Z': no such column", exitCode: 2 });
    }
  });

  test("another error keeps its name and the place it came from", async () => {
    const error = await run("failOnOdd", [2, 3]);
    expect(error).toMatchObject({ name: "RangeError", message: "bug" });
    expect(error.stack).toContain("worker-jobs.ts");
  });

  test("what cannot run is named", async () => {
    expect((await run("nothing", [1])).message).toContain("exports no function 'nothing'");
    expect((await run("nothing", [1], 0)).message).toContain("exports no function 'nothing'");
    expect((await run("returnsFunction", [1])).name).toBe("DataCloneError");
    expect((await run("square", [() => 1])).name).toBe("DataCloneError");
    expect((await run("dies", [1, 2])).message).toMatch(/ended with status 7 inside job/);
    expect((await run("square", [1], -1)).message).toContain("threads");
    expect((await run("square", [1], 1.5)).message).toContain("threads");
  });
});
