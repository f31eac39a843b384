import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Runs a PyTorch script of `bench/peers` with `config`; seconds per step, one number a round. */
export function peer(
  script: string,
  config: { readonly threads: number } & Readonly<Record<string, unknown>>,
): number[] {
  return peerAnswer(script, config) as number[];
}

/** Runs a PyTorch script of `bench/peers` with `config`; what its last line says in JSON. */
export function peerAnswer(
  script: string,
  config: { readonly threads: number } & Readonly<Record<string, unknown>>,
): unknown {
  const file = fileURLToPath(new URL(`./peers/${script}`, import.meta.url));
  const threads = String(config.threads);
  const env = { ...process.env, OMP_NUM_THREADS: threads, OPENBLAS_NUM_THREADS: threads };
  const out = execFileSync("/usr/bin/python3", [file, JSON.stringify(config)], {
    encoding: "utf8",
    env,
    maxBuffer: 2 ** 28,
    stdio: ["ignore", "pipe", "ignore"],
  });
  return JSON.parse(out.trim().split("\n").at(-1)!);
}

const probe = `
import torch
torch.ones(64, 64) @ torch.ones(64, 64)
maps = open("/proc/self/maps").read()
blas = next((name for name in ("openblas", "mkl", "blis", "atlas") if name in maps), "reference")
print(torch.__version__, blas)
`;

/**
 * Debian's PyTorch and the BLAS under its matrix products, or undefined where it is missing. With Debian's reference
 * BLAS those products are some twenty times slower than with OpenBLAS, and no fair peer.
 */
export function torch(): { version: string; blas: string } | undefined {
  try {
    const said = execFileSync("/usr/bin/python3", ["-c", probe], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [version, blas] = said.trim().split(" ");
    return { version: version!, blas: blas! };
  } catch {
    return undefined;
  }
}

/** Does Debian's Python have this module? */
export function pythonHas(module: string): boolean {
  try {
    execFileSync("/usr/bin/python3", ["-c", `import ${module}`], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Seconds per call of `step`, one number a round, after `warmup` calls. */
export async function timed(
  step: () => Promise<unknown>,
  { warmup, rounds, steps }: { warmup: number; rounds: number; steps: number },
): Promise<number[]> {
  for (let i = 0; i < warmup; i++) await step();
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    for (let i = 0; i < steps; i++) await step();
    times.push((performance.now() - start) / 1000 / steps);
  }
  return times;
}
