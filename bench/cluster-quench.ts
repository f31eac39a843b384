import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { random } from "../src/core/random.ts";
import { quench } from "../src/optim/landscape/quench.ts";
import { type Evaluations, runSearch } from "../src/optim/landscape/search.ts";
import { lennardJones } from "../src/physics/clusters/lennard-jones.ts";

interface Quenches {
  /** Processor seconds of all of them. */
  seconds: number;
  evaluations: number;
  /** Of the energies where they end: two programs that do the same agree. */
  sum: number;
}

const tight = { rms: 5e-3, maxStep: 0.4 };

/** Starts of basin-hopping: displaced minima of one walk. */
export function clusterStarts(atoms: number, count: number): Float64Array[] {
  const cluster = lennardJones(atoms);
  const draw = random(1, "bench", "starts");
  let x = runSearch(cluster, quench(cluster.start(draw))).x;
  return Array.from({ length: count }, () => {
    const start = cluster.perturb!(x, draw, 0.4);
    x = runSearch(cluster, quench(start, tight)).x;
    return start;
  });
}

export function quenchHere(atoms: number, starts: readonly Float64Array[]): Quenches {
  const cluster = lennardJones(atoms);
  const spent: Evaluations = { gradients: 0, hessians: 0 };
  const before = process.cpuUsage();
  let sum = 0;
  for (const start of starts) sum += runSearch(cluster, quench(start, tight), spent).value;
  const { user, system } = process.cpuUsage(before);
  return { seconds: (user + system) / 1e6, evaluations: spent.gradients, sum };
}

/** The same in C, compiled here and now with gcc -O2; undefined without a compiler. */
export function quenchInC(atoms: number, starts: readonly Float64Array[]): Quenches | undefined {
  const folder = mkdtempSync(join(tmpdir(), "physlens-bench-"));
  try {
    const source = fileURLToPath(new URL("./peers/lj_quench.c", import.meta.url));
    const program = join(folder, "quench");
    try {
      execFileSync("gcc", ["-O2", "-o", program, source, "-lm"], { stdio: "ignore" });
    } catch {
      return undefined;
    }
    const file = join(folder, "starts");
    const all = new Float64Array(starts.length * 3 * atoms);
    starts.forEach((start, k) => {
      all.set(start, k * start.length);
    });
    writeFileSync(file, new Uint8Array(all.buffer));
    const options = [file, starts.length, 3 * atoms, tight.rms, tight.maxStep].map(String);
    const out = execFileSync(program, options, { encoding: "utf8" });
    const [seconds, evaluations, sum] = JSON.parse(out) as [number, number, number];
    return { seconds, evaluations, sum };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Prints quenches per second of LJ38, here and in C, the better of three. */
export function reportQuenches(): void {
  const [atoms, count] = [38, 400];
  const starts = clusterStarts(atoms, count);
  const best = (runs: readonly Quenches[]) => runs.reduce((a, b) => (b.seconds < a.seconds ? b : a));
  const rounds = [0, 1, 2];
  const ours = best(rounds.map(() => quenchHere(atoms, starts)));
  const rate = count / ours.seconds;
  const told = `LJ${atoms}: ${rate.toFixed(0)} quenches a processor second, ${(ours.evaluations / count).toFixed(0)} evaluations each`;
  const runs = rounds.map(() => quenchInC(atoms, starts));
  if (runs.some((run) => run === undefined)) {
    console.log(`${told} (no gcc: apt-get install gcc libc6-dev)`);
    return;
  }
  const theirs = best(runs as Quenches[]);
  const ratio = rate / (count / theirs.seconds);
  const same = Math.abs(ours.sum - theirs.sum) / count;
  console.log(
    `${told}; gcc -O2: ${(count / theirs.seconds).toFixed(0)}, ${(theirs.evaluations / count).toFixed(0)} each, mean energies ${same.toExponential(0)} apart  ratio ${ratio.toFixed(2)}  target ≥ 0.5 ${ratio >= 0.5 ? "met" : "NOT MET"}`,
  );
}
