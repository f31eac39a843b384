import { loadavg } from "node:os";
import { chainHessian } from "./chain-hessian.ts";
import { reportClassifier } from "./classifier.ts";
import { reportQuenches } from "./cluster-quench.ts";
import { reportExpressions } from "./expressions/report.ts";
import { largeProducts, mlpHessian } from "./mlp-curvature.ts";
import { type MlpCase, mlpRatio } from "./mlp-step.ts";
import { torch as findTorch } from "./peer.ts";
import { reportRelevance } from "./relevance.ts";
import { productRate, residentSize, stepCosts, stepRate } from "./resources.ts";
import { schnetRatio } from "./schnet-force.ts";

/**
 * `npm run bench [mlp|schnet|hessian|relevance|landscape|resources …]`: ratios against PyTorch on this machine in this run,
 * each side at the better of its one and two threads; a ratio below one means that physlens is faster. Landscapes are
 * held against C, NumPy, PyTorch and SciPy, by how many times as fast physlens is.
 */
const parts = process.argv.slice(2);
const wanted = (part: string) => parts.length === 0 || parts.includes(part);
const ms = (seconds: number) => `${(seconds * 1e3).toFixed(3).padStart(10)} ms`;
const torch = findTorch();
if (!torch) {
  console.log("PyTorch is missing (Debian: apt-get install python3-torch libopenblas0): ratios are left out");
} else if (torch.blas === "reference") {
  console.log("WARNING: PyTorch runs on the reference BLAS here, which flatters every ratio below;");
  console.log("         apt-get install libopenblas0 makes it a fair peer");
}

/** How busy the machine was in the last minute, five and fifteen: a busy one makes ratios vary. */
function loads(): string {
  return loadavg()
    .map((value) => value.toFixed(1))
    .join(" ");
}

function report(
  name: string,
  target: number,
  { ours, torch: theirs, threads }: Awaited<ReturnType<typeof mlpRatio>>,
) {
  const ratio = ours / theirs;
  const verdict = ratio <= target ? "met" : "NOT MET";
  console.log(
    `${name.padEnd(44)}${ms(ours)} (${threads[0]})${ms(theirs)} (${threads[1]})  ratio ${ratio.toFixed(2)}  target ≤ ${target} ${verdict}`,
  );
}

if (torch)
  console.log(
    `${"case".padEnd(44)}${"physlens (threads)".padStart(17)}${`PyTorch ${torch.version} (${torch.blas})`.padStart(31)}`,
  );

if (torch && wanted("mlp")) {
  const cases: MlpCase[] = [];
  for (const batch of [256, 1700]) {
    for (const width of [32, 64, 256, 1024]) cases.push({ batch, width, dtype: "float32" });
    for (const width of [32, 64]) cases.push({ batch, width, dtype: "float64" });
  }
  for (const setting of cases) {
    const name = `training step, batch ${setting.batch}, width ${setting.width}, ${setting.dtype}`;
    report(name, setting.width <= 64 ? 0.7 : 1.1, await mlpRatio(setting));
  }
}

if (torch && wanted("schnet")) {
  for (const [width, target] of [
    [64, 0.8],
    [128, 1.1],
  ] as const) {
    report(`SchNet force-matching gradient, F = ${width}`, target, await schnetRatio(width));
  }
}

if (wanted("hessian")) {
  console.log(`\nexact float64 Hessian of the chain net, load ${loads()}`);
  for (const line of await chainHessian(torch !== undefined)) console.log(line);
  for (const line of await mlpHessian()) console.log(line);
  for (const line of await largeProducts(torch !== undefined)) console.log(line);
  console.log(`load afterwards ${loads()}`);
}

if (wanted("relevance")) reportRelevance(torch !== undefined);

if (wanted("landscape")) {
  console.log(`\nlandscapes, load ${loads()}`);
  reportQuenches();
  await reportClassifier(torch !== undefined);
  console.log(`load afterwards ${loads()}`);
}

if (wanted("expressions")) await reportExpressions();

if (wanted("resources")) {
  for (const threads of [1, 2]) {
    const peak = await productRate(2048, threads);
    const step = await stepRate(1024, 1700, threads);
    console.log(
      `products in a step (1700 × 1024) at ${(step / 1e9).toFixed(0)} GFLOP/s, one 2048³ product at ${(peak / 1e9).toFixed(0)} GFLOP/s: ${((100 * step) / peak).toFixed(0)} % (${threads} thread${threads > 1 ? "s" : ""})`,
    );
  }
  const { before, after } = await residentSize();
  console.log(
    `resident size: ${before.toFixed(1)} MB after 1000 steps, ${after.toFixed(1)} MB after 10 000 more`,
  );
  const [widths, batches] = [
    [16, 32, 64, 128, 256],
    [64, 256, 1024],
  ];
  const costs = await stepCosts(widths, batches);
  console.log(
    `\nstep cost, float32, one thread\n${"width".padEnd(8)}${batches.map((b) => `batch ${b}`.padStart(13)).join("")}`,
  );
  costs.forEach((row, i) => {
    console.log(`${String(widths[i]).padEnd(8)}${row.map(ms).join("")}`);
  });
}
