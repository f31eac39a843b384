import { spec } from "../src/program/dtype.ts";
import * as np from "../src/program/ops/index.ts";
import { compile } from "../src/program/session.ts";
import { trace } from "../src/program/trace.ts";
import { mlpGradient, stepper } from "./mlp-step.ts";
import { median, timed } from "./peer.ts";

/** Floating-point operations per second of one n×n×n product in float32. */
export async function productRate(n: number, threads: number): Promise<number> {
  const program = trace((a, b) => np.matmul(a, b), [spec([n, n]), spec([n, n])]);
  const session = await compile(program, { threads });
  const ones = new Float32Array(n * n).fill(1);
  const seconds = median(await timed(() => session.run([ones, ones]), { warmup: 1, rounds: 3, steps: 2 }));
  await session.release();
  return (2 * n ** 3) / seconds;
}

/** The rate at which a training step does the products that it must: three times those of a forward pass. */
export async function stepRate(width: number, batch: number, threads: number): Promise<number> {
  const setting = { width, batch, dtype: "float32" } as const;
  const { program, size } = mlpGradient(setting);
  const session = await compile(program, { threads });
  const seconds = median(await timed(stepper(session, size, setting), { warmup: 2, rounds: 3, steps: 2 }));
  await session.release();
  return (6 * batch * (2 * width * width + 4 * width)) / seconds;
}

/** Resident size in MB after a hundred and after ten thousand steps. */
export async function residentSize(): Promise<{ before: number; after: number }> {
  const setting = { width: 32, batch: 256, dtype: "float32" } as const;
  const { program, size } = mlpGradient(setting);
  const session = await compile(program);
  const step = stepper(session, size, setting);
  const run = async (count: number) => {
    for (let i = 0; i < count; i++) await step();
    return process.memoryUsage().rss / 1e6;
  };
  const before = await run(1000);
  const after = await run(10_000);
  await session.release();
  return { before, after };
}

/** Seconds per step over batches and widths, one thread, float32. */
export async function stepCosts(widths: readonly number[], batches: readonly number[]): Promise<number[][]> {
  const rows: number[][] = [];
  for (const width of widths) {
    const row: number[] = [];
    for (const batch of batches) {
      const setting = { width, batch, dtype: "float32" } as const;
      const { program, size } = mlpGradient(setting);
      const session = await compile(program);
      row.push(median(await timed(stepper(session, size, setting), { warmup: 5, rounds: 3, steps: 10 })));
      await session.release();
    }
    rows.push(row);
  }
  return rows;
}
