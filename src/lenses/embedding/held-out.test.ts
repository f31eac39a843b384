import { describe, expect, it } from "vitest";
import { random } from "../../core/random.ts";
import { agreementHeldOut } from "./held-out.ts";
import { plantedHelix } from "./planted-helix.ts";
import type { TokenTable } from "./subject.ts";

const count = 60;
const first = 20;
const pair = (seed: number, trained = (_: number) => true) => {
  const table = (name: "Z" | "N"): TokenTable => ({
    name,
    tokens: Array.from({ length: count }, (_, i) => first + i),
    rows: plantedHelix(count, 8, { turns: 2 }, random(seed, name)),
    trained: Array.from({ length: count }, (_, i) => trained(i)),
  });
  return { Z: table("Z"), N: table("N") };
};
const networks = [0, 1, 2].map((seed) => pair(seed));
const heldOut = { parameter: "A", heldOut: "A below 50 and above 120" };

describe("agreementHeldOut", () => {
  /** Counts tokens, so that what is compared can be worked out by hand: shared tokens over all. */
  const shared = (_: TokenTable, __: TokenTable, tokens: readonly number[]) => tokens.length / count;
  const ask = (options: Partial<Parameters<typeof agreementHeldOut>[0]> = {}) =>
    agreementHeldOut({
      ...{ name: "N" as const, networks, shown: 1, agreement: shared, measure: "shared tokens" },
      without: { pair: pair(9, (i) => i >= 10 && i < 40), ...heldOut },
      ...options,
    });

  it("compares on the tokens that both know, with the network held out and with each other one", () => {
    expect(ask()).toEqual([
      {
        ...heldOut,
        by: "agreement",
        measure: "shared tokens, over N 30–59,",
        unit: "",
        inside: 30 / count,
        outside: 30 / count,
      },
    ]);
  });

  it("inside is the median over the other networks, outside the network held out, told apart by their tables", () => {
    const without = pair(9);
    const values = new Map([
      [networks[0]!.N.rows, 0.4],
      [networks[2]!.N.rows, 0.8],
      [without.N.rows, 0.1],
    ]);
    const [entry] = ask({
      without: { pair: without, ...heldOut },
      agreement: (a, b) => {
        expect(a.rows).toBe(networks[1]!.N.rows);
        return values.get(b.rows)!;
      },
    }) as { inside: number; outside: number }[];
    expect(entry!.inside).toBeCloseTo(0.6, 12);
    expect(entry!.outside).toBe(0.1);
  });

  it("says why where there is nothing to compare", () => {
    const few = { pair: pair(9, (i) => i < 15), ...heldOut };
    for (const [options, why] of [
      [{ without: undefined }, /No network was trained where/],
      [{ networks: networks.slice(0, 1), shown: 0 }, /One network was trained/],
      [{ without: few }, /Without A below 50 and above 120 only 15 tokens/],
      [{ range: [20, 34] as const, without: { pair: pair(9), ...heldOut } }, /only 15 tokens/],
    ] as const) {
      expect(ask(options)).toEqual({ notRun: expect.stringMatching(why) });
    }
  });
});
