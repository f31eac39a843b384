import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { random } from "../src/core/random.ts";
import type { Matrix } from "../src/linalg/matrix.ts";
import { crossEntropy } from "../src/models/objective/losses.ts";
import { chainNet } from "../src/models/sequential/chain-net.ts";
import { initialSequentialParameters } from "../src/models/sequential/initial.ts";
import { sequentialObjective } from "../src/models/sequential/objective.ts";
import { trainingSet } from "../src/physics/chain/sets.ts";
import { median, peerAnswer } from "./peer.ts";

const rows = 50;

/** Wall and processor seconds of one thing. */
type Cost = [wall: number, processor: number];

async function cost(step: () => Promise<unknown>): Promise<Cost> {
  const [start, before] = [performance.now(), process.cpuUsage()];
  await step();
  const { user, system } = process.cpuUsage(before);
  return [(performance.now() - start) / 1e3, (user + system) / 1e6];
}

function middle(costs: readonly Cost[]): Cost {
  return [median(costs.map(([wall]) => wall)), median(costs.map(([, processor]) => processor))];
}

/**
 * The exact Hessian of the 740-parameter net over its 1000 training states, random weights: ours in all, PyTorch's from
 * 50 of its 740 rows, each at the better of its ways and of one and two threads. Ratios of wall and of processor time.
 */
export async function chainHessian(withTorch: boolean): Promise<string[]> {
  const set = await trainingSet();
  const train = { count: set.count, inputs: [set.states.data], targets: set.labels };
  const lines: string[] = [];
  let ours: Cost = [Infinity, Infinity];
  let found: Matrix | undefined;
  const relu = chainNet({ inputs: set.dim });
  const theta = initialSequentialParameters(relu, random(0, "bench"));
  for (const activation of ["relu", "tanh"] as const) {
    const model = chainNet({ inputs: set.dim, activation });
    for (const threads of [0, 2]) {
      const objective = sequentialObjective({ model, train, loss: crossEntropy(2), ridge: 0, threads });
      const once = async () => {
        const h = await objective.hessian(theta);
        if (activation === "relu") found = h;
      };
      await once();
      const costs: Cost[] = [];
      for (let round = 0; round < 3; round++) costs.push(await cost(once));
      const [wall, processor] = middle(costs);
      lines.push(
        `${model.name}: ${wall.toFixed(2)} s, processor ${processor.toFixed(2)} s (${threads || 1} threads)`,
      );
      if (activation === "relu" && wall < ours[0]) ours = [wall, processor];
    }
    const objective = sequentialObjective({ model, train, loss: crossEntropy(2), ridge: 0 });
    const gradient = await cost(() => objective.valueAndGradient(theta));
    const vectors = { rows: 1, cols: objective.size, data: theta };
    const product = await cost(() => objective.hessianProducts(theta, vectors));
    lines.push(
      `${model.name}: gradient ${gradient[0].toFixed(2)} s, Hessian times vector ${product[0].toFixed(2)} s`,
    );
  }
  if (withTorch) lines.push(...comparison(ours, found!, theta, train));
  return lines;
}

function comparison(
  ours: Cost,
  found: Matrix,
  theta: Float64Array,
  train: { inputs: readonly Float64Array[]; targets: Float64Array },
): string[] {
  const folder = mkdtempSync(join(tmpdir(), "physlens-bench-"));
  const lines: string[] = [];
  let best: Cost = [Infinity, Infinity];
  try {
    const files = { "theta.f64": theta, "states.f64": train.inputs[0]!, "labels.f64": train.targets };
    for (const [name, data] of Object.entries(files)) {
      writeFileSync(join(folder, name), new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    }
    for (const threads of [1, 2]) {
      const answer = peerAnswer("chain_hessian.py", { threads, folder, rows, batches: [8, 16] } as {
        threads: number;
      }) as { ways: Record<string, Cost | string>; rows: Record<string, number[]> };
      for (const [way, per] of Object.entries(answer.ways)) {
        const all = typeof per === "string" ? undefined : per.map((value) => value * found.rows);
        lines.push(
          `PyTorch, ${way}, ${threads} threads: ${all === undefined ? `refuses (${per})` : `${all[0]!.toFixed(0)} s, processor ${all[1]!.toFixed(0)} s (extrapolated to ${found.rows} rows)`}`,
        );
        if (all !== undefined) best = [Math.min(best[0], all[0]!), Math.min(best[1], all[1]!)];
      }
      lines.push(
        `largest difference of ${rows} rows: ${difference(found, answer.rows).toExponential(1)} of the largest element`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  const ratio = best[0] / ours[0];
  lines.push(
    `ratio to the best of PyTorch: ${ratio.toFixed(0)} (processor time ${(best[1] / ours[1]).toFixed(0)})  target ≥ 10 ${ratio >= 10 ? "met" : "NOT MET"}`,
  );
  return lines;
}

function difference({ cols, data }: Matrix, rows: Record<string, number[]>): number {
  let [gap, top] = [0, 0];
  for (const [i, row] of Object.entries(rows)) {
    row.forEach((value, j) => {
      gap = Math.max(gap, Math.abs(value - data[Number(i) * cols + j]!));
      top = Math.max(top, Math.abs(value));
    });
  }
  return gap / top;
}
