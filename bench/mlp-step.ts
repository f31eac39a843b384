import { random } from "../src/core/random.ts";
import { adamwState, adamwStep, type FlatVector } from "../src/optim/adamw.ts";
import { spec } from "../src/program/dtype.ts";
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

/** Loss and gradient of a four-layer SiLU network, one program over a flat vector of weights. */
export function mlpGradient({ width, batch, dtype }: MlpCase) {
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
  const specs = [spec([weights.size], dtype), spec([batch, 3], dtype), spec([batch, 1], dtype)] as const;
  const step = (flat: np.Value, x: np.Value, y: np.Value) => {
    const [value, gradient] = valueAndGrad(loss)(flat, x, y);
    return { value, gradient };
  };
  return { size: weights.size, program: trace(step, specs, { name: "mlp", names: ["flat", "x", "y"] }) };
}

/** A training step as physlens takes it: the gradient from a session, then AdamW in one pass over the flat vector. */
export function stepper(session: Session, size: number, { batch, dtype }: MlpCase): () => Promise<number> {
  const rng = random(0, "bench");
  const Typed = dtype === "float64" ? Float64Array : Float32Array;
  const make = (n: number, value: (i: number) => number): FlatVector => new Typed(n).map((_, i) => value(i));
  const flat = make(size, () => rng.normal() * 0.1);
  const x = make(batch * 3, () => rng.normal());
  const y = make(batch, (i) => Math.sin(x[3 * i]! + x[3 * i + 1]! + x[3 * i + 2]!));
  const state = adamwState(flat);
  return async () => {
    const [value, gradient] = await session.run([flat, x, y]);
    adamwStep(flat, gradient as FlatVector, state, { learningRate: 1e-3 });
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
    const { program, size } = mlpGradient(setting);
    const session = await compile(program, { threads });
    results.ours.push([median(await timed(stepper(session, size, setting), plan)), threads]);
    await session.release();
    results.torch.push([median(peer("mlp_step.py", { ...setting, ...plan, threads })), threads]);
  }
  const best = (rows: [number, number][]) => rows.reduce((a, b) => (b[0] < a[0] ? b : a));
  const [ours, torch] = [best(results.ours), best(results.torch)];
  return { ours: ours[0], torch: torch[0], threads: [ours[1], torch[1]] };
}
