import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { sharedPath } from "../../test/shared.ts";
import { unitFactors } from "./configuration-units.ts";
import { checkConfigurations, frameOf, joinFrames, selectFrames } from "./configurations.ts";
import { readExtendedXyz } from "./extended-xyz.ts";
import { commentFields } from "./extended-xyz-comment.ts";
import { forceMatchingSet } from "./force-matching.ts";
import { readLammpsDump } from "./lammps-dump.ts";
import { readNpy } from "./npy.ts";
import { writeExtendedXyz } from "./write-extended-xyz.ts";

const kcal = { length: "angstrom", energy: "kcal/mol" };

/** Two beads in a skewed cell, in eV and nm. */
const inElectronvolts = [
  "2",
  'Lattice="1 0 0 0.5 2 0 0 0 3" Properties=species:S:1:pos:R:3:tag:I:1:forces:R:3 energy=-2.0 pbc="T T F" config_type="a b" length_unit=nm energy_unit=eV force_unit=eV/nm',
  "O 0.1 0.2 0.3 7 1 0 -1",
  "C 1e-1 -0.2 0 8 0 2 .5",
  "",
].join("\n");

describe("extended XYZ", () => {
  test("a file in eV and nm comes back in kcal/mol and Å", () => {
    const [frame, ...more] = readExtendedXyz(inElectronvolts, { source: "x.xyz" });
    expect(more).toEqual([]);
    expect(frame!.species).toEqual(["O", "C"]);
    expect([...frame!.positions].map((x) => +x.toFixed(12))).toEqual([1, 2, 3, 1, -2, 0]);
    expect([...frame!.cell!]).toEqual([10, 0, 0, 5, 20, 0, 0, 0, 30]);
    expect(frame!.periodic).toEqual([true, true, false]);
    // 1 eV = 96 485.332 J/mol = 23.060548 kcal/mol; 1 eV/nm is a tenth of that per Å.
    expect(frame!.energy).toBeCloseTo(-46.121096, 6);
    expect(frame!.forces![0]).toBeCloseTo(2.3060548, 7);
    expect(frame!.forces![5]).toBeCloseTo(1.1530274, 7);
    expect(frame!.info["config_type"]).toBe("a b");
  });

  test("what is written comes back to the last bit", () => {
    const frames = 3;
    const numbers = (n: number, seed: number) =>
      Float64Array.from({ length: n }, (_, i) => Math.sin(seed + 1.7 * i) * 10 ** ((i % 7) - 3));
    const set = {
      name: "set",
      frames,
      beads: 2,
      species: ["C", "O"],
      positions: numbers(18, 1),
      forces: numbers(18, 2),
      energies: numbers(3, 3),
      cells: Float64Array.from({ length: 27 }, (_, i) => 10 + Math.cos(i)),
      periodic: [true, false, true] as const,
      provenance: [],
    };
    const text = writeExtendedXyz(set);
    expect(joinFrames(readExtendedXyz(text, { source: "t" }), { name: "set" })).toEqual(set);
    const {
      forces: _f,
      energies: _e,
      cells: _c,
      ...bare
    } = { ...set, periodic: [false, false, false] as const };
    expect(joinFrames(readExtendedXyz(writeExtendedXyz(bare), { source: "t" }), { name: "set" })).toEqual(
      bare,
    );
    expect(writeExtendedXyz(selectFrames(set, [1]))).toBe(
      text.split("\n").slice(4, 8).join("\n").concat("\n"),
    );
    expect(frameOf(set, 2).positions).toEqual(set.positions.subarray(12));
  });

  test("a plain XYZ file and other names of energy and forces are read when the units are told", () => {
    const plain = readExtendedXyz("1\nno keys here\nAr 1 2 3\n", {
      source: "p.xyz",
      units: { length: "nm" },
    });
    expect([...plain[0]!.positions]).toEqual([10, 20, 30]);
    expect(plain[0]!.periodic).toEqual([false, false, false]);
    const odd = "1\nProperties=Z:I:1:pos:R:3:dft_forces:R:3 dft_energy=1\n6 0 0 0 1 2 3\n";
    const options = { source: "o.xyz", units: kcal, energyKey: "dft_energy", forcesKey: "dft_forces" };
    const [frame] = readExtendedXyz(odd, options);
    expect(frame).toMatchObject({ species: ["6"], energy: 1, forces: Float64Array.of(1, 2, 3) });
  });

  test("comment lines with quotes, brackets, escapes and lone keys", () => {
    expect({ ...commentFields(`a=1 b = "x \\"y\\" z" c=[1, [2, 3]] 'd e'={1 2} flag f=""`, "x") }).toEqual({
      a: "1",
      b: 'x "y" z',
      c: "1, [2, 3]",
      "d e": "1 2",
      flag: "T",
      f: "",
    });
  });

  const methane = sharedPath("data/methane/frame0.extxyz");
  test.skipIf(methane === undefined)("the published methane frame", () => {
    const text = readFileSync(methane!, "utf8");
    const [frame] = readExtendedXyz(text, { source: "frame0.extxyz", units: kcal });
    expect(frame!.species).toEqual(new Array(125).fill("C"));
    expect([0, 4, 8].map((k) => +frame!.cell![k]!.toFixed(3))).toEqual([20.768, 20.41, 17.969]);
    expect(frame!.periodic).toEqual([true, true, true]);
    expect(frame!.forces).toBeUndefined();
    expect(() => readExtendedXyz(text, { source: "frame0.extxyz" })).toThrow(
      "unit of length is named neither",
    );
  });

  test("bad input is refused with file, line, frame and bead", () => {
    const with_ = (from: string, to: string) => inElectronvolts.replace(from, to);
    const cases: [string, string][] = [
      ["", "x.xyz: no frames"],
      ["two\n", "x.xyz, line 1: 'two'; expected the number of beads"],
      [
        inElectronvolts + inElectronvolts.split("\n").slice(0, 3).join("\n"),
        "frame 1 begins at line 5 with 2 beads, but the file ends at line 7",
      ],
      [with_("0.1 0.2", "nan 0.2"), "x.xyz, line 3 (frame 0, bead 0): position 'nan'"],
      [inElectronvolts + with_("0 2 .5", "0 2 inf"), "x.xyz, line 8 (frame 1, bead 1): force 'inf'"],
      [with_("energy=-2.0", "energy=none"), "line 2 (frame 0): energy 'none'"],
      [with_("O 0.1", "0.1"), "line 3: 7 fields; expected 8"],
      [with_("pos:R:3", "pos:R:2"), "column pos:R:2; expected pos:R:3"],
      [with_("pos:R:3", "pos:R"), "expected name:type:width triples"],
      [with_("species:S:1", "name:S:1"), "expected species:S:1 (or Z:I:1) and pos:R:3"],
      [with_('0 0 3"', '0 0"'), "Lattice of 8 numbers"],
      [with_("T T F", "T T"), "pbc 'T T'"],
      [with_("Lattice", "Box"), "pbc 'T T F' without a Lattice"],
      [with_("energy=-2.0", "pbc=T"), "'pbc' is there twice"],
      [with_('"a b"', '"a b'), 'a " that does not end'],
      // Units: missing, unknown, mixed.
      [with_("length_unit=nm", ""), "unit of length is named neither in the file nor by its reader"],
      [with_("energy_unit=eV force_unit=eV/nm", ""), "unit of energy is named neither"],
      [with_("energy_unit=eV", "energy_unit=cal"), "unknown unit of energy 'cal'"],
      [with_("=nm", "=parsec"), "unknown unit of length 'parsec'"],
      [
        with_("energy_unit=eV", "energy_unit=kcal/mol"),
        "forces in eV/nm, energies in kcal/mol, lengths in nm: mixed units",
      ],
      [with_("eV/nm", "eV/angstrom"), "forces in eV/angstrom, energies in eV, lengths in nm: mixed units"],
      [with_("eV/nm", "newton"), "unit of force 'newton'"],
    ];
    for (const [text, message] of cases) {
      expect(() => readExtendedXyz(text, { source: "x.xyz" }), message).toThrow(message);
    }
    expect(() => readExtendedXyz(inElectronvolts, { source: "x.xyz", units: kcal })).toThrow(
      "the file says that its unit of length is 'nm', the reader was told 'angstrom'",
    );
    expect(() => readExtendedXyz(inElectronvolts, { source: "x.xyz", forcesKey: "f" })).toThrow(
      "no column 'f'",
    );
    expect(() => readExtendedXyz(inElectronvolts, { source: "x.xyz", energyKey: "e" })).toThrow("no key 'e'");
    expect(
      unitFactors({ length: "Å" }, { length: "angstrom" }, { energy: false, forces: false }, "x").length,
    ).toBe(1);
  });
});

/** Oracle: worked out by hand. Beads out of order; lattice vectors (4, 0, 0), (1, 5, 0), (−2, 1, 6), corner (−1, 2, 0). */
const tilted = [
  "ITEM: UNITS",
  "metal",
  "ITEM: TIMESTEP",
  "100",
  "ITEM: NUMBER OF ATOMS",
  "2",
  "ITEM: BOX BOUNDS xy xz yz pp pp ff",
  "-3.0 4.0 1.0",
  "2.0 8.0 -2.0",
  "0.0 6.0 1.0",
  "ITEM: ATOMS id type xs ys zs fx fy fz c_pe",
  "2 1 0.5 0.5 0.5 0 1 0 -1.5",
  "1 2 0 0 0.5 0 -1 0 -0.5",
].join("\n");

describe("LAMMPS dumps", () => {
  test("a tilted box, scaled positions, forces and energies in metal units", () => {
    const options = { source: "d.lammpstrj", species: { 1: "C", 2: "O" }, energyColumn: "c_pe" };
    const [frame] = readLammpsDump(tilted, options);
    expect(frame!.species).toEqual(["O", "C"]);
    expect([...frame!.cell!]).toEqual([4, 0, 0, 1, 5, 0, -2, 1, 6]);
    expect([...frame!.positions]).toEqual([-1, 0.5, 3, 1.5, 3, 3]);
    expect(frame!.forces![4]).toBeCloseTo(23.060548, 6);
    expect(frame!.energy).toBeCloseTo(-2 * 23.060548, 5);
    expect(frame!.periodic).toEqual([true, true, false]);
    expect(frame!.info["step"]).toBe("100");
  });

  test("orthogonal and general triclinic boxes; positions count from the box's corner; several frames", () => {
    const body = (head: string, rows: string[], step = 0) =>
      [
        "ITEM: TIMESTEP",
        `${step}`,
        "ITEM: NUMBER OF ATOMS",
        "1",
        `ITEM: BOX BOUNDS ${head}`,
        ...rows,
        "ITEM: ATOMS id element xu yu zu",
        "1 Ar 3 4 5",
      ].join("\n");
    const text = `${body("pp pp pp", ["1 11", "2 12", "-3 7"])}\n${body("abc origin pp pp pp", ["9 1 0 1", "0 8 1 1", "1 0 7 1"], 5)}\n`;
    const frames = readLammpsDump(text, { source: "d", units: "real" });
    expect(frames.map((frame) => [...frame.positions])).toEqual([
      [2, 2, 8],
      [2, 3, 4],
    ]);
    expect([...frames[0]!.cell!]).toEqual([10, 0, 0, 0, 10, 0, 0, 0, 10]);
    expect([...frames[1]!.cell!]).toEqual([9, 1, 0, 0, 8, 1, 1, 0, 7]);
    expect(frames.map(({ species, info }) => [species[0], info["step"]])).toEqual([
      ["Ar", "0"],
      ["Ar", "5"],
    ]);
    const set = joinFrames(frames, { name: "d" });
    expect(set.cells!.length).toBe(18);
  });

  test("bad input is refused with file, line, frame and bead", () => {
    const with_ = (from: string, to: string) => tilted.replace(from, to);
    const cases: [string, string][] = [
      ["", "d: no frames"],
      ["hello", "d, line 1: 'hello'; expected an ITEM"],
      [with_("ITEM: UNITS\nmetal\n", ""), "units are named neither in the file nor by its reader"],
      [with_("metal", "lj"), "LAMMPS units 'lj'; expected one of real, metal, electron"],
      [tilted.slice(0, tilted.lastIndexOf("\n")), "2 beads from line 12, but the file ends at line 12"],
      [tilted.split("\n").slice(0, 8).join("\n"), "ends at line 8 before the box: it is cut"],
      [with_("0.5 0.5 0.5 0", "0.5 nan 0.5 0"), "d, line 12 (frame 0, bead 1): position 'nan'"],
      [with_("0 -1 0", "0 NaN 0"), "d, line 13 (frame 0, bead 0): force 'NaN'"],
      [with_("\n1 2 0 0", "\n2 2 0 0"), "id '2'; expected whole numbers, each once"],
      [with_("xs ys zs", "a b c"), "expected id and x y z"],
      [with_("-2.0\n", "\n"), "expected 3 numbers in each of three lines"],
      [with_("-3.0 4.0", "4.0 -3.0"), "has no volume"],
      [with_(" pp pp ff", ""), "boundaries ''"],
      [with_("ATOMS\n2", "ATOMS\n2.5"), "'2.5' beads"],
      [with_("2 1 0.5", "2 3 0.5"), "type 3 has no name"],
      [with_(" -1.5", ""), "line 12: 8 fields; expected 9"],
    ];
    for (const [text, message] of cases) {
      expect(() => readLammpsDump(text, { source: "d", species: { 1: "C", 2: "O" } }), message).toThrow(
        message,
      );
    }
    expect(() => readLammpsDump(tilted, { source: "d", units: "real" })).toThrow(
      "the file's units are 'metal'",
    );
    expect(() => readLammpsDump(tilted, { source: "d", energyColumn: "c_e" })).toThrow("no column 'c_e'");
  });
});

describe("force-matching sets", () => {
  const coordinates = sharedPath("data/alanine/ala2_coordinates.npy");
  const array = (shape: number[], values?: number[]) => ({
    shape,
    data: Float64Array.from(values ?? Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i)),
  });
  const options = { name: "set", species: ["A", "B"], units: { length: "nm", energy: "kJ/mol" } };

  test("arrays in nm and kJ/mol come back in Å and kcal/mol/Å; one cell serves all frames", () => {
    const set = forceMatchingSet(
      {
        positions: array([2, 2, 3]),
        forces: array([2, 2, 3]),
        energies: array([2, 1]),
        cells: array([3, 3], [2, 0, 0, 0, 2, 0, 0, 0, 2]),
      },
      options,
    );
    expect(set).toMatchObject({ frames: 2, beads: 2, periodic: [true, true, true] });
    expect([...set.positions.subarray(0, 3)]).toEqual([0, 10, 20]);
    expect(set.forces![11]).toBeCloseTo(11 / 41.84, 12);
    expect(set.energies![1]).toBeCloseTo(1 / 4.184, 12);
    expect([...set.cells!]).toEqual([20, 0, 0, 0, 20, 0, 0, 0, 20, 20, 0, 0, 0, 20, 0, 0, 0, 20]);
  });

  test.skipIf(coordinates === undefined)("the alanine arrays of the reference data", () => {
    const read = (name: string) => readNpy(readFileSync(sharedPath(`data/alanine/${name}.npy`)!), name);
    const set = forceMatchingSet(
      { positions: read("ala2_coordinates"), forces: read("ala2_forces") },
      { name: "alanine", species: ["C", "N", "CA", "C", "N"], units: kcal },
    );
    expect(set).toMatchObject({ frames: 10_000, beads: 5, periodic: [false, false, false] });
  });

  test("bad arrays and sets are refused by name", () => {
    const positions = array([2, 2, 3]);
    const broken = array([2, 2, 3]);
    broken.data[10] = Number.NaN;
    const cases: [() => unknown, string][] = [
      [
        () => forceMatchingSet({ positions: array([2, 6]) }, options),
        "positions of shape [2, 6]; expected frames × beads × 3",
      ],
      [() => forceMatchingSet({ positions, forces: array([2, 3, 2]) }, options), "forces of shape [2, 3, 2]"],
      [
        () => forceMatchingSet({ positions, energies: array([3]) }, options),
        "energies of shape [3]; expected [2]",
      ],
      [() => forceMatchingSet({ positions, cells: array([3, 2]) }, options), "cells of shape [3, 2]"],
      [() => forceMatchingSet({ positions: broken }, options), "set: frame 1, bead 1: positions NaN"],
      [() => forceMatchingSet({ positions, forces: broken }, options), "set: frame 1, bead 1: forces NaN"],
      [() => forceMatchingSet({ positions }, { ...options, species: ["A"] }), "1 species for 2 beads"],
      [
        () => forceMatchingSet({ positions }, { ...options, periodic: [true, true, true] }),
        "there are no cells",
      ],
      [
        () => forceMatchingSet({ positions }, { ...options, units: { length: "mile" } }),
        "unknown unit of length 'mile'",
      ],
      [
        () => forceMatchingSet({ positions, forces: positions }, { ...options, units: { length: "nm" } }),
        "unit of energy is named neither",
      ],
      [
        () =>
          forceMatchingSet(
            { positions, forces: positions },
            { ...options, units: { ...kcal, force: "eV/angstrom" } },
          ),
        "mixed units",
      ],
      [() => joinFrames([], { name: "none" }), "none: no frames"],
    ];
    for (const [act, message] of cases) expect(act, message).toThrow(message);
    const set = forceMatchingSet({ positions }, options);
    const [a, b] = [frameOf(set, 0), frameOf(set, 1)];
    expect(() => frameOf(set, 2)).toThrow("set: no frame 2; there are 0 to 1");
    expect(() => joinFrames([a, { ...b, species: ["A", "C"] }], { name: "j" })).toThrow(
      "j: frame 1: bead 1 is 'C', in frame 0 'B'",
    );
    expect(() => joinFrames([a, { ...b, energy: 1 }], { name: "j" })).toThrow(
      "frame 1 has energy, frame 0 lacks it",
    );
    expect(() => joinFrames([a, { ...b, species: ["A"] }], { name: "j" })).toThrow("frame 1 has 1 beads");
    expect(() => checkConfigurations({ ...set, energies: new Float64Array(3) })).toThrow(
      "3 numbers of energies; expected 2",
    );
    expect(() => writeExtendedXyz({ ...set, species: ["A", "b c"] })).toThrow("species 'b c'");
  });
});
