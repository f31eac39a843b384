import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Expression } from "../../src/expressions/expression.ts";
import { print } from "../../src/expressions/print.ts";
import { columnCount, treeSize } from "./trees.ts";

/**
 * Node·rows per second of the trees as plain C loops, one a tree, compiled with `cc -O2` now; for each number of rows
 * the best of seven rounds, by processor time. Undefined without a compiler.
 */
export function cRates(trees: readonly Expression[], rows: readonly number[]): number[] | undefined {
  const folder = mkdtempSync(path.join(tmpdir(), "physlens-bench-"));
  try {
    writeFileSync(path.join(folder, "trees.c"), source(trees, rows));
    execFileSync("cc", ["-O2", "-o", path.join(folder, "trees"), path.join(folder, "trees.c"), "-lm"], {
      stdio: "ignore",
    });
    const out = execFileSync(path.join(folder, "trees"), { encoding: "utf8" });
    return out.trim().split("\n").map(Number);
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function source(trees: readonly Expression[], rows: readonly number[]): string {
  const names = Array.from({ length: columnCount }, (_, k) => `x${k}`);
  const loops = trees.map(
    (tree, i) => `static void f${i}(double **x, double *o, int n) {
  ${names.map((_, k) => `const double *c${k} = x[${k}];`).join(" ")}
  for (int i = 0; i < n; i++) { ${names.map((name, k) => `double ${name} = c${k}[i];`).join(" ")} o[i] = ${print(tree, { language: "c", names })}; }
}`,
  );
  return `#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
${loops.join("\n")}
typedef void (*F)(double **, double *, int);
static F fs[] = {${trees.map((_, i) => `f${i}`).join(", ")}};
static double seconds(void) { struct timespec t; clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); return t.tv_sec + 1e-9 * t.tv_nsec; }
int main(void) {
  int sizes[] = {${rows.join(", ")}};
  for (int s = 0; s < ${rows.length}; s++) {
    int n = sizes[s];
    double *x[${columnCount}];
    for (int k = 0; k < ${columnCount}; k++) { x[k] = malloc(8 * n); for (int i = 0; i < n; i++) x[k][i] = 1 + 2.0 * rand() / RAND_MAX; }
    double *o = malloc(8 * n), best = 1e9;
    for (int r = 0; r < 7; r++) {
      int repeats = 3000000 / (n * ${trees.length}) + 1;
      double start = seconds();
      for (int q = 0; q < repeats; q++) for (int j = 0; j < ${trees.length}; j++) fs[j](x, o, n);
      double t = (seconds() - start) / repeats;
      if (t < best) best = t;
    }
    printf("%g\\n", ${trees.length * treeSize}.0 * n / best);
  }
}
`;
}
