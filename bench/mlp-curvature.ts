import { random } from "../src/core/random.ts";
import { choleskyLarge } from "../src/linalg/cholesky-large.ts";
import { matrix } from "../src/linalg/matrix.ts";
import { crossEntropy } from "../src/models/objective/losses.ts";
import { initialSequentialParameters } from "../src/models/sequential/initial.ts";
import type { Layer } from "../src/models/sequential/layers.ts";
import { sequentialObjective } from "../src/models/sequential/objective.ts";
import { sequential } from "../src/models/sequential/sequential.ts";
import { median, peer, timed } from "./peer.ts";

/** A dense tanh or ReLU net on normal inputs, with classes drawn at random. */
function setUp(sizes: readonly number[], samples: number, bend: "tanh" | "relu") {
  const layers = sizes.slice(1).flatMap((outputs, i): Layer[] => {
    const dense: Layer = { kind: "dense", outputs };
    return i === 0 ? [dense] : [{ kind: "activation", function: bend }, dense];
  });
  const model = sequential({ name: sizes.join("-"), input: [sizes[0]!], layers });
  const rng = random(0, "bench", model.name);
  const classes = sizes.at(-1)!;
  const train = {
    count: samples,
    inputs: [Float64Array.from({ length: samples * sizes[0]! }, () => rng.normal())],
    targets: Float64Array.from({ length: samples }, () => rng.int(classes)),
  };
  const theta = initialSequentialParameters(model, rng);
  return { theta, objective: sequentialObjective({ model, train, loss: crossEntropy(classes), ridge: 0.1 }) };
}

/** Assembly of an exact Hessian of 10 703 parameters (150 and 1000 samples) and its Cholesky factor. */
export async function mlpHessian(): Promise<string[]> {
  const lines: string[] = [];
  const cases = [
    ["relu", 150],
    ["relu", 1000],
    ["tanh", 150],
  ] as const;
  for (const [bend, samples] of cases) {
    const { theta, objective } = setUp([2, 100, 100, 3], samples, bend);
    let start = performance.now();
    const h = await objective.hessian(theta);
    lines.push(
      `2-100-100-3 ${bend}, ${objective.size} parameters, ${samples} samples: assembled in ${((performance.now() - start) / 1e3).toFixed(1)} s`,
    );
    if (bend === "tanh") continue;
    start = performance.now();
    for (let i = 0; i < h.rows; i++) h.data[i * h.cols + i]! += 1;
    if (samples === 150) {
      await choleskyLarge(h, { inPlace: true });
      lines.push(`its Cholesky factor (damped by 1): ${((performance.now() - start) / 1e3).toFixed(1)} s`);
    }
  }
  return lines;
}

/** A product with the Hessian of a million parameters, matrix-free, against its gradient and PyTorch's. */
export async function largeProducts(withTorch: boolean): Promise<string[]> {
  const sizes = [64, 1000, 930, 3];
  const samples = 512;
  const { theta, objective } = setUp(sizes, samples, "tanh");
  const v = matrix(1, objective.size, theta);
  const plan = { warmup: 1, rounds: 3, steps: 1 };
  const gradient = median(await timed(() => objective.valueAndGradient(theta), plan));
  const product = median(await timed(() => objective.hessianProducts(theta, v), plan));
  await objective.release();
  const lines = [
    `${sizes.join("-")} tanh, ${objective.size} parameters, ${samples} samples, one thread: gradient ${gradient.toFixed(2)} s, Hessian times vector ${product.toFixed(2)} s (${(product / gradient).toFixed(1)} gradients)`,
  ];
  if (!withTorch) return lines;
  for (const threads of [1, 2]) {
    const config = { threads, sizes, samples, rounds: 3 };
    const [theirGradient, theirProduct] = peer("mlp_product.py", config) as [number, number];
    lines.push(
      `PyTorch, ${threads} threads: gradient ${theirGradient.toFixed(2)} s, Hessian times vector ${theirProduct.toFixed(2)} s`,
    );
  }
  return lines;
}
