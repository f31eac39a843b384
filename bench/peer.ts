import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Runs a PyTorch script of `bench/peers` with `config`; seconds per step, one number a round. */
export function peer(script: string, config: object): number[] {
  const file = fileURLToPath(new URL(`./peers/${script}`, import.meta.url));
  const out = execFileSync("/usr/bin/python3", [file, JSON.stringify(config)], { encoding: "utf8" });
  return JSON.parse(out.trim().split("\n").at(-1)!) as number[];
}

/** Says whether Debian's PyTorch is there, and its version. */
export function torchVersion(): string | undefined {
  try {
    return execFileSync("/usr/bin/python3", ["-c", "import torch; print(torch.__version__)"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return undefined;
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
