import type { Random } from "../../core/random.ts";
import { matrix } from "../../linalg/matrix.ts";
import type { ConformanceCase } from "../conformance.ts";
import type { nature } from "./about.ts";
import { chartField } from "./chart-field.ts";
import { featuresLens } from "./lens.ts";
import { nuclearTerms } from "./nuclear-terms.ts";
import type { CandidateTerm, FeatureSubject } from "./subject.ts";

const width = 10;

/** Nuclei of a made-up chart: a band about the valley of stability. */
export function band(): { z: number[]; n: number[] } {
  const z: number[] = [];
  const n: number[] = [];
  for (let protons = 10; protons < 60; protons++) {
    const valley = Math.round(protons + 0.006 * protons ** 2);
    for (let neutrons = valley - 5; neutrons <= valley + 5; neutrons++) {
      z.push(protons);
      n.push(neutrons);
    }
  }
  return { z, n };
}

/**
 * A last layer with a known make-up: each of `fields`, scaled to deviation one, times its size along its own direction
 * of a random basis, and noise. The readout adds the fields up; the target is the output with noise.
 */
export function plantedFeatures(
  nuclei: { z: readonly number[]; n: readonly number[] },
  fields: readonly { values: Float64Array; size: number }[],
  random: Random,
): FeatureSubject {
  const samples = nuclei.z.length;
  const rows = matrix(samples, width);
  const weights = new Float64Array(width);
  const directions = orthonormal(width, random);
  fields.forEach(({ values, size }, k) => {
    const mean = values.reduce((a, b) => a + b, 0) / samples;
    const deviation = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / samples);
    values.forEach((value, i) => {
      for (let j = 0; j < width; j++) {
        rows.data[i * width + j]! += (size * (value - mean) * directions[k]![j]!) / deviation;
      }
    });
    for (let j = 0; j < width; j++) weights[j]! += directions[k]![j]!;
  });
  for (let k = 0; k < rows.data.length; k++) rows.data[k]! += 1 + 0.02 * random.normal();
  const target = Float64Array.from({ length: samples }, (_, i) => {
    let sum = 0.5;
    for (let j = 0; j < width; j++) sum += rows.data[i * width + j]! * weights[j]!;
    return 7 + 3 * sum + 0.01 * random.normal();
  });
  return {
    rows,
    readout: { weights, bias: 0.5, scale: 3, offset: 7 },
    target,
    quantity: "energy",
    unit: "MeV",
    terms: nuclearTerms(nuclei),
    x: { name: "N", values: nuclei.n, marked: [20, 28, 50] },
    y: { name: "Z", values: nuclei.z, marked: [20, 28, 50] },
  };
}

/** Tries the features lens on planted terms, on random smooth components, and on every kind of bad input. */
export const featuresCase: ConformanceCase<FeatureSubject, typeof nature.params> = {
  lens: featuresLens,
  options: { components: 6, nulls: 99 },
  planted: (random) => {
    const nuclei = band();
    const terms = nuclearTerms(nuclei);
    const of = (name: string) => Float64Array.from(terms.find((term) => term.name === name)!.values);
    const fields = [
      { values: of("volume"), size: 10 },
      { values: of("asymmetry"), size: 2 },
      { values: of("shell"), size: 0.8 },
      { values: of("pairing"), size: 0.3 },
    ];
    return plantedFeatures(nuclei, fields, random);
  },
  control: (random) => {
    const nuclei = band();
    const draw = chartField({ x: nuclei.n, y: nuclei.z }, 5);
    const fields = [10, 2, 0.8, 0.3].map((size) => ({ values: draw(random), size }));
    return plantedFeatures(nuclei, fields, random);
  },
  claims: ({ metrics }) =>
    metrics["match.pairing.p.family"]! <= 0.01 || metrics["match.shell.p.family"]! <= 0.01,
  bad: [
    { what: "no term", subject: bent((good) => ({ ...good, terms: [] })), message: /no candidate term/ },
    {
      what: "a constant term",
      subject: bent((good) => ({
        ...good,
        terms: [withValues(good.terms[0]!, new Float64Array(550).fill(3))],
      })),
      message: /term 'volume' is 3 at every sample/,
    },
    {
      what: "a term with a value too few",
      subject: bent((good) => ({ ...good, terms: [withValues(good.terms[0]!, new Float64Array(549))] })),
      message: /550 rows of activations but 549 values of term 'volume'/,
    },
    {
      what: "a term twice",
      subject: bent((good) => ({ ...good, terms: [good.terms[0]!, good.terms[0]!] })),
      message: /term 'volume' is there twice/,
    },
    {
      what: "a term with a dot in its name",
      subject: bent((good) => ({ ...good, terms: [{ ...good.terms[0]!, name: "a.b" }] })),
      message: /term 'a\.b': a name is made of letters and digits/,
    },
    {
      what: "a NaN among the activations",
      subject: bent((good) => {
        good.rows.data[23] = Number.NaN;
        return good;
      }),
      message: /row 2, dimension 3 is NaN/,
    },
    {
      what: "a weight too few",
      subject: bent((good) => ({ ...good, readout: { ...good.readout, weights: [1, 2] } })),
      message: /2 readout weights for activations of width 10/,
    },
    {
      what: "an infinite bias",
      subject: bent((good) => ({ ...good, readout: { ...good.readout, bias: Infinity } })),
      message: /readout bias is Infinity/,
    },
    {
      what: "a target too few",
      subject: bent((good) => ({ ...good, target: [1, 2, 3] })),
      message: /550 rows of activations but 3 values of the target/,
    },
    {
      what: "half a neutron",
      subject: bent((good) => ({
        ...good,
        x: { ...good.x, values: Array.from(good.x.values).with(4, 9.5) },
      })),
      message: /coordinate N of sample 4 is 9\.5/,
    },
    {
      what: "two samples at one place",
      subject: bent((good) => ({
        ...good,
        x: { ...good.x, values: Array.from(good.x.values).with(4, good.x.values[3]!) },
      })),
      message: /samples 3 and 4 are both at N = \d+, Z = 10/,
    },
    {
      what: "a chart too wide",
      subject: bent((good) => ({
        ...good,
        x: { ...good.x, values: Array.from(good.x.values).with(4, 90_000) },
      })),
      message: /coordinate N spans/,
    },
    { what: "an unknown option", options: { component: 3 }, message: /unknown option 'component'/ },
    {
      what: "too few null models",
      options: { nulls: 9 },
      message: /'nulls': expected a whole number from 99/,
    },
  ],
};

function bent(change: (good: FeatureSubject) => FeatureSubject) {
  return (random: Random) => change(featuresCase.planted(random));
}

function withValues(term: CandidateTerm, values: Float64Array): CandidateTerm {
  return { ...term, values };
}

function orthonormal(size: number, random: Random): Float64Array[] {
  const basis: Float64Array[] = [];
  while (basis.length < size) {
    const direction = Float64Array.from({ length: size }, () => random.normal());
    for (const other of basis) {
      const along = other.reduce((sum, value, j) => sum + value * direction[j]!, 0);
      for (let j = 0; j < size; j++) direction[j]! -= along * other[j]!;
    }
    const length = Math.hypot(...direction);
    basis.push(direction.map((value) => value / length));
  }
  return basis;
}
