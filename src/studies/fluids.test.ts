import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { UserError } from "../core/errors.ts";
import { random } from "../core/random.ts";
import { readSafetensors, writeSafetensors } from "../data/safetensors.ts";
import { writeExtendedXyz } from "../data/write-extended-xyz.ts";
import { randomFrames } from "../lenses/relevance/conformance-case.ts";
import { fewBody } from "../lenses/relevance/expansion/curves.ts";
import { configurationOf } from "../lenses/relevance/subject.ts";
import { graphNetwork, networkEnergy } from "../models/potentials/potential.ts";
import { initialWeights } from "../models/potentials/shapes.ts";
import { neighbourGraph } from "../physics/fluids/graph.ts";
import { stillingerWeber } from "../physics/fluids/stillinger-weber.ts";
import { neighbourNoise } from "./fluids/neighbour-noise.ts";
import { energyDrift } from "./fluids/report-dynamics.ts";
import { cornerShare, lammpsTripletTable } from "./fluids/triplet-table.ts";
import { fluidsStudy } from "./fluids.ts";
import { runStudy } from "./run-study.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "fluids-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const quickly = {
  nulls: 1,
  inContext: 2,
  forceBeads: 1,
  cuts: 1,
  bootstraps: 20,
  gammas: "0",
  bins: 12,
  angleBins: 10,
};
const run = (name: string, set: Record<string, unknown>) =>
  runStudy(fluidsStudy, { preset: "quick", seed: 1, out: join(folder, name), threads: 2, set });

test("a whole small run: frames, a network, dynamics, relevance, files", async () => {
  const { metrics } = await run("lj", {
    system: "lj",
    ...{ share: 0.02, seeds: 1, epochs: 1, features: 8, dynamics: 40, conserved: 20, lookFrames: 2 },
    ...quickly,
  });
  expect(metrics["lj.conservation.relative"]).toBeLessThan(1e-9);
  expect(metrics["lj.E3.per_bead"]).toBe(0);
  expect(Math.abs(metrics["lj.drift"]!)).toBeLessThan(0.05);
  for (const name of [
    "lj.V2_truth_corr",
    "lj.V2_truth_corr.low",
    "lj.R3_over_R2",
    "lj.V3_over_V2",
    "lj.force_error.relative",
    "lj.g_gap",
  ]) {
    expect(metrics[name], name).toBeTypeOf("number");
  }
  const data = join(folder, "lj", "data");
  const { tensors } = readSafetensors(readFileSync(join(data, "lj-network-seed0.safetensors")), "weights");
  const exact = fewBody(graphNetwork(tensors));
  const rows = readFileSync(join(data, "lj-V2.table"), "utf8")
    .split("\n")
    .filter((line) => /^\d+ /.test(line))
    .map((line) => line.split(" ").map(Number));
  expect(rows).toHaveLength(500);
  for (const [, r, energy] of rows.filter((_, k) => k % 99 === 0)) {
    expect(energy).toBeCloseTo(exact.pair(r!), 9);
  }
  const claims = JSON.parse(readFileSync(join(folder, "lj", "claims.json"), "utf8")) as {
    claims: { claim: { id: string } }[];
  };
  expect(claims.claims.map(({ claim }) => claim.id)).toContain("lj.order");
}, 120_000);

describe("a network from files", () => {
  const frames = randomFrames(random(4, "file"), 2);
  const config = {
    architecture: "schnet",
    features: 8,
    layers: 2,
    radialBasis: 8,
    cutoff: 4,
    species: 7,
  } as const;
  const weights = initialWeights(config, random(2, "file"));
  const text = () => writeExtendedXyz(frames);
  const paths = (xyz: string, net = writeSafetensors(weights, {})) => {
    const [a, b] = [join(folder, "net.safetensors"), join(folder, "frames.extxyz")];
    writeFileSync(a, net);
    writeFileSync(b, xyz);
    return { weights: a, frames: b };
  };
  const base = { ...quickly, lookFrames: 2 };

  test("is opened: its energy is that of a plain forward pass", async () => {
    const { metrics } = await run("given", { ...base, ...paths(text()), species: "C=6" });
    const net = graphNetwork(weights);
    const { positions, cell } = configurationOf(frames, 0);
    const energy = networkEnergy(net, neighbourGraph(positions, cell, 4), new Int32Array(20).fill(6));
    expect(metrics["given.energy"]).toBeCloseTo(energy, 9);
    expect(metrics["given.conservation.relative"]).toBeLessThan(1e-9);
  }, 60_000);

  test.each<[string, () => Record<string, unknown>, RegExp]>([
    ["no species", () => paths(text()), /does not say which species is which row.*--species C=6/],
    [
      "a species the option lacks",
      () => ({ ...paths(text()), species: "O=8" }),
      /species 'C', which the network/,
    ],
    [
      "a species that is no row",
      () => ({ ...paths(text()), species: "C=six" }),
      /'C=six'; expected a word and a row/,
    ],
    [
      "a row beyond the embedding",
      () => ({ ...paths(text()), species: "C=7" }),
      /row 7 of the embedding, which has 7/,
    ],
    [
      "units that nobody names",
      () => ({ ...paths(text().replace(/length_unit=\S+ ?/g, "")), species: "C=6" }),
      /unit of length is named neither.*--length-unit/,
    ],
    [
      "units that disagree",
      () => ({ ...paths(text()), species: "C=6", lengthUnit: "nm" }),
      /the file says that its unit of length is 'angstrom', the reader was told 'nm'/,
    ],
    [
      "mixed units of forces",
      () => ({
        ...paths(
          text().replace(
            /length_unit=\S+/g,
            "length_unit=angstrom energy_unit=eV force_unit=kcal/mol/angstrom",
          ),
        ),
        species: "C=6",
      }),
      /forces in kcal\/mol\/angstrom, energies in eV.*mixed units/,
    ],
    [
      "a NaN among the positions",
      () => {
        const lines = text().split("\n");
        lines[4] = lines[4]!.replace(/-?\d+\.\d+(e\S+)?/, "NaN");
        return { ...paths(lines.join("\n")), species: "C=6" };
      },
      /frame 0, bead 2.*position/,
    ],
    [
      "a cell less than twice the cutoff",
      () => ({ ...paths(text().replace(/Lattice="[^"]*"/g, 'Lattice="7 0 0 0 7 0 0 0 7"')), species: "C=6" }),
      /frame 0: the cell is 7.0000 Å across/,
    ],
    [
      "lengths in nm that are read as Å",
      () => {
        const small = text().replace(/-?\d+\.\d+(e[+-]\d+)?/g, (x) => String(Number(x) / 10));
        return { ...paths(small.replace(/Lattice="[^"]*"/g, 'Lattice="9 0 0 0 9 0 0 0 9"')), species: "C=6" };
      },
      /nearer than the floor of 0.5 Å.*units of length/,
    ],
    ["weights without frames", () => ({ weights: paths(text()).weights }), /'weights' needs frames/],
    ["frames without weights", () => ({ frames: paths(text()).frames }), /'frames' goes with 'weights'/],
    ["a file that is not there", () => ({ weights: "absent.safetensors", frames: "x" }), /no file 'absent/],
    ["alanine without its folder", () => ({ system: "alanine" }), /needs option 'alanine', the folder/],
  ])("%s is refused by name", async (what, set, message) => {
    const outcome = await run(`bad ${what}`, { ...base, ...set() }).catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(UserError);
    expect((outcome as Error).message).toMatch(message);
  });
});

test("a three-body table gives back the law: corners sum to V₃, forces are differences of its energy", () => {
  const field = stillingerWeber();
  const law = { triplet: ([a, b, c]: readonly [number, number, number]) => field.tripletTerm(a, b, c) };
  const cutoff = 4.3065;
  const total = (a: number, b: number, c: number) =>
    cornerShare(law, a, b, c, cutoff) + cornerShare(law, a, c, b, cutoff) + cornerShare(law, b, c, a, cutoff);
  for (const [a, b, c] of [
    [2.8, 2.9, 3.1],
    [2.8, 2.8, 5.1],
    [2.7, 3.3, 4.3],
  ] as const) {
    expect(total(a, b, c)).toBeCloseTo(field.tripletTerm(a, b, c), 12);
  }
  const { table, parameters } = lammpsTripletTable(law, {
    ...{ element: "O", keyword: "MW", file: "mw.table", low: 2.5, cutoff, count: 4, comment: "test" },
  });
  const rows = table
    .split("\n")
    .filter((line) => /^\d+ /.test(line))
    .map((line) => line.split(" ").map(Number));
  expect(rows).toHaveLength(4 * 4 * 5);
  expect(parameters.trim().split("\n").slice(2)).toEqual([
    "O",
    "O",
    "O",
    "4.3065",
    "mw.table",
    "MW",
    "linear",
    "4",
  ]);
  // Beads in the plane: i at the origin, j along x, k at the angle; forces as LAMMPS puts them together.
  for (const row of [rows[3]!, rows[12]!, rows[20]!]) {
    const [, ij, ik, theta, fi1, fi2, fj1, fj2, fk1, fk2, energy] = row as number[];
    const angle = (theta! * Math.PI) / 180;
    const at = [0, 0, ij!, 0, ik! * Math.cos(angle), ik! * Math.sin(angle)];
    const value = (p: readonly number[]) =>
      cornerShare(
        law,
        Math.hypot(p[2]! - p[0]!, p[3]! - p[1]!),
        Math.hypot(p[4]! - p[0]!, p[5]! - p[1]!),
        Math.hypot(p[4]! - p[2]!, p[5]! - p[3]!),
        cutoff,
      );
    expect(energy).toBeCloseTo(value(at), 6);
    const [r1, r2] = [at.slice(2, 4), at.slice(4, 6)];
    for (const k of [0, 1]) {
      const r12 = r2[k]! - r1[k]!;
      const forces = [fi1! * r1[k]! + fi2! * r2[k]!, fj1! * r1[k]! + fj2! * r12, fk1! * r2[k]! + fk2! * r12];
      forces.forEach((force, bead) => {
        const moved = (by: number) => at.map((x, axis) => (axis === 2 * bead + k ? x + by : x));
        expect(force).toBeCloseTo(-(value(moved(1e-5)) - value(moved(-1e-5))) / 2e-5, 4);
      });
    }
  }
});

test("the noise of turned molecules is found, not their turning", () => {
  const stream = random(6, "noise");
  const [frames, beads, sigma] = [3000, 4, 0.7];
  const positions = new Float64Array(frames * 12);
  const forces = new Float64Array(frames * 12);
  for (let f = 0; f < frames; f++) {
    const angle = 0.2 * stream.normal();
    const shape = [1, 0, 0, 0, 0, 0, 0.3, 1.2, 0, 0.3 + Math.cos(angle), 1.2, Math.sin(angle)];
    const pull = [0, 0, 2 * angle, 0, 0, -angle, 1, 0, 0, 0, 0, -angle];
    const turn = rotation(stream.normal(), stream.normal(), stream.normal(), stream.normal());
    for (let i = 0; i < beads; i++) {
      for (let a = 0; a < 3; a++) {
        for (let k = 0; k < 3; k++) {
          positions[12 * f + 3 * i + a]! += turn[a]![k]! * shape[3 * i + k]!;
          forces[12 * f + 3 * i + a]! += turn[a]![k]! * pull[3 * i + k]!;
        }
        forces[12 * f + 3 * i + a]! += sigma * stream.normal();
      }
    }
  }
  const set = {
    name: "turned",
    frames,
    beads,
    species: ["A", "B", "C", "D"],
    positions,
    forces,
    periodic: [false, false, false] as const,
    provenance: [],
  };
  expect(neighbourNoise(set, { queries: 400, random: stream })).toBeCloseTo(sigma, 1);
  expect(() => neighbourNoise({ ...set, beads: 2 }, { queries: 1, random: stream })).toThrow(
    /expected forces/,
  );
});

test("drift and scatter of a line with a wave on it", () => {
  const time = Float64Array.from({ length: 400 }, (_, k) => 5 * k);
  const wave = time.map((_, k) => 0.03 * Math.sin(k));
  const potential = time.map((fs, k) => 10 * (0.4 * (fs / 1000) + wave[k]!));
  const { drift, scatter } = energyDrift(
    { name: "x", positions: time, frames: 0, time, potential, kinetic: time.map(() => 3) },
    10,
  );
  expect(drift).toBeCloseTo(0.4, 2);
  expect(scatter).toBeCloseTo(0.03 / Math.SQRT2, 3);
});

function rotation(a: number, b: number, c: number, d: number): number[][] {
  const n = Math.hypot(a, b, c, d);
  const [w, x, y, z] = [a / n, b / n, c / n, d / n];
  return [
    [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
    [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
    [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
  ];
}
