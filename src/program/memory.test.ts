import { describe, expect, it } from "vitest";
import { collectGarbage } from "../../test/support/garbage.ts";
import { netData, netLayout, netLoss } from "../../test/support/small-net.ts";
import { spec } from "./dtype.ts";
import { compile } from "./session.ts";
import { trace } from "./trace.ts";
import { valueAndGrad } from "./transform/index.ts";

const MiB = 1024 * 1024;
const rows = 256;
const step = trace(valueAndGrad(netLoss), [
  spec([netLayout.size], "float32"),
  spec([rows, 3], "float32"),
  spec([rows], "float32"),
]);

/** Resident size after what can be collected is collected. */
async function residentSize(): Promise<number> {
  await collectGarbage();
  return process.memoryUsage().rss / MiB;
}

/**
 * Keeping the outputs of every step makes 22 MiB of the first measurement, keeping the sessions 87 MiB of the second:
 * the bound is below both, and above what the collector leaves (1 to 8 MiB).
 */
describe("resident size", () => {
  it("is flat over ten thousand training steps", async () => {
    const session = await compile(step);
    const { flat, x, y } = netData(rows, "float32");
    const train = async (steps: number) => {
      let loss = 0;
      for (let i = 0; i < steps; i++) {
        const [value, gradient] = (await session.run([flat, x, y])) as [Float32Array, Float32Array];
        for (let k = 0; k < flat.length; k++) flat[k]! -= 0.02 * gradient[k]!;
        loss = value[0]!;
      }
      return loss;
    };
    const first = await train(1);
    await train(3000);
    const before = await residentSize();
    const last = await train(10_000);
    const growth = (await residentSize()) - before;
    console.log(
      `resident size: ${before.toFixed(1)} MiB, after ten thousand steps ${growth.toFixed(1)} MiB more`,
    );
    await session.release();
    expect(last).toBeLessThan(first);
    expect(growth).toBeLessThan(15);
  });

  it("is flat over two hundred sessions that are released", async () => {
    const cycle = async (count: number) => {
      const { flat, x, y } = netData(rows, "float32");
      for (let i = 0; i < count; i++) {
        const session = await compile(step);
        await session.run([flat, x, y]);
        await session.release();
      }
    };
    await cycle(50);
    const before = await residentSize();
    await cycle(200);
    const growth = (await residentSize()) - before;
    console.log(`resident size: ${before.toFixed(1)} MiB, after 200 sessions ${growth.toFixed(1)} MiB more`);
    expect(growth).toBeLessThan(15);
  });
});
