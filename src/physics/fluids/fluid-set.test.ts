import { beforeAll, describe, expect, test } from "vitest";
import { random } from "../../core/random.ts";
import { Cancelled, createTask } from "../../core/task.ts";
import { frameOf } from "../../data/configurations.ts";
import { readExtendedXyz } from "../../data/extended-xyz.ts";
import { writeExtendedXyz } from "../../data/write-extended-xyz.ts";
import { cell } from "./cell.ts";
import { type FluidSet, fluidSet, withForceNoise } from "./fluid-set.ts";
import type { SetStore } from "./fluid-set-state.ts";
import { evaluate, totalEnergy } from "./force-field.ts";
import { radialDistribution } from "./radial-distribution.ts";
import { stillingerWeber } from "./stillinger-weber.ts";
import { methane } from "./systems.ts";

const options = { system: "mw", beads: 64, frames: 30, stride: 40, equilibration: 800, seed: 5 } as const;
const inMemory = (): SetStore & { entries: Map<string, Uint8Array> } => {
  const entries = new Map<string, Uint8Array>();
  return {
    entries,
    read: (key) => entries.get(key),
    write: (key, bytes) => void entries.set(key, bytes.slice()),
  };
};

let set: FluidSet;
beforeAll(async () => {
  set = await fluidSet(options);
});

describe("a set of mW water", () => {
  test("energies and forces are those of the potential at the positions, orders add up", () => {
    expect(set).toMatchObject({ frames: 30, beads: 64, periodic: [true, true, true] });
    expect(set.species).toEqual(new Array(64).fill("O"));
    for (const f of [0, 13, 29]) {
      const frame = frameOf(set, f);
      const found = evaluate(stillingerWeber(), { positions: frame.positions, cell: cell(frame.cell!) });
      expect(frame.energy).toBeCloseTo(totalEnergy(found), 10);
      expect(set.pairEnergies[f]! + set.tripletEnergies[f]!).toBeCloseTo(frame.energy!, 10);
      for (let i = 0; i < 192; i++) expect(frame.forces![i]).toBeCloseTo(found.forces[i]!, 10);
    }
    expect(Math.min(...set.positions)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...set.positions)).toBeLessThanOrEqual(set.cells[0]!);
  });

  test("it is a liquid: first peak of g(r) near 2.84 Å, none nearer than 2.3 Å, energies of the state point", () => {
    const frames = Array.from({ length: 30 }, (_, f) => ({
      positions: frameOf(set, f).positions.slice(),
      cell: cell(frameOf(set, f).cell!),
    }));
    const { at, value } = radialDistribution(frames, { rMax: 6, bins: 40 });
    const peak = value.reduce((best, g, k) => (g > value[best]! ? k : best), 0);
    expect(Math.abs(at[peak]! - 2.84)).toBeLessThan(0.16);
    expect(value.slice(0, 15).every((g) => g === 0)).toBe(true);
    const mean = set.energies.reduce((a, b) => a + b) / 30 / 64;
    expect(Math.abs(mean + 10.07)).toBeLessThan(0.4);
    expect(set.inefficiency).toBeGreaterThanOrEqual(1);
    expect(set.inefficiency).toBeLessThan(30);
  });

  test("the same seed gives the same set, another seed another one", async () => {
    const short = { ...options, frames: 2, equilibration: 50 };
    expect(await fluidSet(short)).toEqual(await fluidSet(short));
    expect((await fluidSet({ ...short, seed: 6 })).positions).not.toEqual((await fluidSet(short)).positions);
  });

  test("interrupted, it goes on to the same set", async () => {
    const store = inMemory();
    const stop = new AbortController();
    let last = 0;
    const task = createTask({
      signal: stop.signal,
      listener: ({ fraction, message }) => {
        expect(fraction).toBeGreaterThanOrEqual(last);
        last = fraction;
        if (message.startsWith("frame 14")) stop.abort();
      },
    });
    await expect(fluidSet({ ...options, store, task })).rejects.toThrow(Cancelled);
    expect(store.entries.size).toBe(1);
    const resumed = await fluidSet({ ...options, store });
    expect(resumed).toEqual(set);
    await expect(fluidSet({ ...options, seed: 6, store })).rejects.toThrow(
      "the store holds a set with other options",
    );
  });

  test("through extended XYZ and back", () => {
    const text = writeExtendedXyz(set);
    const frames = readExtendedXyz(text, { source: "set.xyz" });
    expect(frames.length).toBe(30);
    expect(frames[7]!.energy).toBe(set.energies[7]);
    expect(frames[7]!.forces).toEqual(frameOf(set, 7).forces!.slice());
  });

  test("noise on forces has the variance that was asked for, and takes the energies away", () => {
    const noisy = withForceNoise(set, 2, random(1));
    const square =
      noisy.forces!.reduce((sum, f, i) => sum + (f - set.forces[i]!) ** 2, 0) / set.forces.length;
    // 5760 values: a standard error of 2 %.
    expect(Math.abs(square / 4 - 1)).toBeLessThan(0.08);
    expect(noisy.energies).toBeUndefined();
  });
});

test("methane with a shorter cutoff fits a smaller box", async () => {
  const small = await fluidSet({
    system: methane({ cutoff: 6, end: "force-shifted" }),
    beads: 48,
    frames: 3,
    stride: 20,
    equilibration: 100,
    seed: 1,
  });
  expect(small.species[0]).toBe("C");
  expect([...small.tripletEnergies]).toEqual([0, 0, 0]);
  expect(small.energies).toEqual(small.pairEnergies);
});

test("bad options are refused by name", async () => {
  const cases: [Parameters<typeof fluidSet>[0], string][] = [
    [{ ...options, system: "wm" as "mw" }, "unknown fluid 'wm'; did you mean 'mw'?"],
    [{ ...options, beads: 10 }, "less than twice the cutoff 4.3065"],
    [{ ...options, system: "lj", beads: 64 }, "less than twice the cutoff 8.9"],
    [{ ...options, frames: 0 }, "frames is 0"],
    [{ ...options, stride: 1.5 }, "stride is 1.5"],
    [{ ...options, temperature: -3 }, "temperature -3 K"],
    [{ ...options, density: 0 }, "at 0 g/cm³"],
  ];
  for (const [given, message] of cases) await expect(fluidSet(given), message).rejects.toThrow(message);
  const { forces: _forces, ...bare } = set;
  expect(() => withForceNoise(bare, 1, random(1))).toThrow("has no forces");
});
