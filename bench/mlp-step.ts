import { random } from "../src/core/random.ts";
import { spec, type TypedArray } from "../src/program/dtype.ts";
import * as np from "../src/program/ops/index.ts";
import { layout } from "../src/program/parameters.ts";
import { compile, type Session } from "../src/program/session.ts";
import { trace } from "../src/program/trace.ts";
import { valueAndGrad } from "../src/program/transform/index.ts";
import { median, peer, timed } from "./peer.ts";

export interface MlpCase {
  width: number;
  batch: number;
  dtype: "float32" | "float64";
}

/** Forward, backward and Adam of a four-layer SiLU network, the whole step one program over flat vectors. */
export function mlpStep({ width, batch, dtype }: MlpCase) {
  const weights = layout({
    w0: [3, width],
    b0: [width],
    w1: [width, width],
    b1: [width],
    w2: [width, width],
    b2: [width],
    w3: [width, 1],
    b3: [1],
  });
  const loss = (flat: np.Value, x: np.Value, y: np.Value) => {
    const p = weights.views(flat);
    let h = x;
    for (const i of [0, 1, 2, 3] as const) {
      h = np.add(np.matmul(h, p[`w${i}`]), p[`b${i}`]);
      if (i < 3) h = np.silu(h);
    }
    return np.mean(np.square(np.sub(h, y)));
  };
  const step = (flat: np.Value, m: np.Value, v: np.Value, rates: np.Value, x: np.Value, y: np.Value) => {
    const [value, g] = valueAndGrad(loss)(flat, x, y);
    const m1 = np.add(m, np.mul(np.sub(g, m), 0.1));
    const v1 = np.add(v, np.mul(np.sub(np.square(g), v), 0.001));
    const [rate, unbias] = np.split(rates, 2);
    const move = np.div(m1, np.add(np.mul(np.sqrt(v1), unbias!), 1e-8));
    return { flat: np.sub(flat, np.mul(move, rate!)), m: m1, v: v1, value };
  };
  const n = weights.size;
  return {
    size: n,
    program: trace(
      step,
      [
        spec([n], dtype),
        spec([n], dtype),
        spec([n], dtype),
        spec([2], dtype),
        spec([batch, 3], dtype),
        spec([batch, 1], dtype),
      ],
      { names: ["flat", "m", "v", "rates", "x", "y"] },
    ),
  };
}

/** A training step that carries its weights and moments along. */
export function stepper(session: Session, size: number, { batch, dtype }: MlpCase): () => Promise<number> {
  const rng = random(0, "bench");
  const Typed = dtype === "float64" ? Float64Array : Float32Array;
  const make = (n: number, value: (i: number) => number): TypedArray => new Typed(n).map((_, i) => value(i));
  const normal = (n: number, scale: number) => make(n, () => rng.normal() * scale);
  let [flat, m, v] = [normal(size, 0.1), new Typed(size) as TypedArray, new Typed(size) as TypedArray];
  const x = normal(batch * 3, 1);
  const y = make(batch, (i) => Math.sin(x[3 * i]! + x[3 * i + 1]! + x[3 * i + 2]!));
  let t = 0;
  return async () => {
    t += 1;
    const rates = make(2, (i) => (i === 0 ? 1e-3 / (1 - 0.9 ** t) : 1 / Math.sqrt(1 - 0.999 ** t)));
    const [f, m1, v1, value] = await session.run([flat, m, v, rates, x, y]);
    [flat, m, v] = [f!, m1!, v1!];
    return value![0]!;
  };
}

/** Seconds per step: ours and PyTorch's, each at the better of one and two threads, in alternation. */
export async function mlpRatio(
  setting: MlpCase,
): Promise<{ ours: number; torch: number; threads: [number, number] }> {
  const { width, batch } = setting;
  const cost = (batch * width * width * (setting.dtype === "float64" ? 2 : 1)) / 1e6;
  const steps = Math.max(2, Math.min(200, Math.round(300 / Math.max(1, cost))));
  const plan = { warmup: Math.max(2, steps >> 2), rounds: 5, steps };
  const results: Record<"ours" | "torch", [number, number][]> = { ours: [], torch: [] };
  for (const threads of [1, 2]) {
    const { program, size } = mlpStep(setting);
    const session = await compile(program, { threads });
    results.ours.push([median(await timed(stepper(session, size, setting), plan)), threads]);
    await session.release();
    results.torch.push([median(peer("mlp_step.py", { ...setting, ...plan, threads })), threads]);
  }
  const best = (rows: [number, number][]) => rows.reduce((a, b) => (b[0] < a[0] ? b : a));
  const [ours, torch] = [best(results.ours), best(results.torch)];
  return { ours: ours[0], torch: torch[0], threads: [ours[1], torch[1]] };
}
