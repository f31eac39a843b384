import { describe, expect, it } from "vitest";
import { runCompiled } from "../../../test/support/compiled.ts";
import { random } from "../../core/random.ts";
import * as ops from "../ops/index.ts";

const rng = random(7, "sorting");

/** The oracle is JavaScript's own sort, which is stable. */
describe("sorting", () => {
  const n = 257;
  const rows = 5;
  for (const make of [Float64Array, Float32Array, Int32Array]) {
    it(`${make.name}: ties keep their order, every row for itself`, async () => {
      const data = new make(Array.from({ length: rows * n }, () => rng.int(9) - 4));
      const [values, order] = await runCompiled((x) => [ops.sort(x), ops.argsort(x)], [data], [[rows, n]]);
      for (let r = 0; r < rows; r++) {
        const row = Array.from(data.subarray(r * n, (r + 1) * n));
        const wanted = row.map((_, i) => i).sort((a, b) => row[a]! - row[b]!);
        expect(Array.from(order!.subarray(r * n, (r + 1) * n))).toEqual(wanted);
        expect(Array.from(values!.subarray(r * n, (r + 1) * n))).toEqual(wanted.map((i) => row[i]));
      }
    });
  }

  it("infinities come first and last, −0 and 0 keep their order, along any axis", async () => {
    const data = Float64Array.of(Number.POSITIVE_INFINITY, 0, -0, Number.NEGATIVE_INFINITY, 1, -1);
    const [values, order] = await runCompiled((x) => [ops.sort(x), ops.argsort(x)], [data]);
    expect(Array.from(order!)).toEqual([3, 5, 1, 2, 4, 0]);
    expect(Array.from(values!).map(Math.sign)).toEqual([-1, -1, 0, -0, 1, 1]);
    const [columns] = await runCompiled((x) => ops.argsort(x, 0), [data], [[3, 2]]);
    expect(Array.from(columns!)).toEqual([1, 1, 2, 2, 0, 0]);
  });
});
