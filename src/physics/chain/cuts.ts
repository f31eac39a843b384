import type { OrderParameters } from "./observables.ts";

/** A small symmetry-breaking field: what a ring takes of it besides its size. */
export interface Pin {
  h1?: number;
  h2?: number;
  pattern?: readonly number[];
  dJ?: number;
}

/** A class of states: those whose order parameter reaches `factor` times the field that it answers to. */
export interface Criterion {
  /** Name of the class. */
  class: string;
  order: keyof OrderParameters;
  /** The field, and nothing else: the order parameter is measured on the ground state with this pin. */
  pin: Pin;
  factor: number;
}

/** A line through the phase diagram with the rule that labels it. */
export interface Cut {
  name: string;
  /** Couplings at control value t: start + t·direction. */
  start: { V1: number; V2: number };
  direction: { V1: number; V2: number };
  /** The coupling that the control value is counted in. */
  control: "V1" | "V2";
  /** The field of the states themselves. */
  pin: Pin;
  /** Class 0: states that meet no criterion. */
  base: string;
  /** Classes 1, 2, …: the last criterion that is met counts. */
  criteria: readonly Criterion[];
  /** Training grid: each part takes an equal number of points. */
  grid: readonly (readonly [number, number])[];
}

const cdw1: Pin = { h1: 1e-7 };
const cdw2: Pin = { h2: 1e-7, pattern: [1, 1, -1, -1] };
const bond: Pin = { dJ: 1e-4 };

/** Cuts by name. The label rule of each is a choice: what a network learns of the boundary, these labels told it. */
export const cuts = {
  /** Luttinger liquid to CDW-I along V2 = 0: the published cut. */
  cdw1: {
    name: "LL to CDW-I, V2 = 0",
    start: { V1: 0, V2: 0 },
    direction: { V1: 1, V2: 0 },
    control: "V1",
    pin: cdw1,
    base: "LL",
    criteria: [{ class: "CDW-I", order: "cdw1", pin: cdw1, factor: 10 }],
    grid: [
      [0, 1],
      [1.01, 40],
    ],
  },
  /** The same from the origin with V2 = V1/10. */
  slanted: {
    name: "LL to CDW-I, V2 = V1/10",
    start: { V1: 0, V2: 0 },
    direction: { V1: 1, V2: 0.1 },
    control: "V1",
    pin: cdw1,
    base: "LL",
    criteria: [{ class: "CDW-I", order: "cdw1", pin: cdw1, factor: 10 }],
    grid: [
      [0, 1.1],
      [1.11, 40],
    ],
  },
  /** Luttinger liquid to bond order along V1 = 0. */
  bond: {
    name: "LL to BO, V1 = 0",
    start: { V1: 0, V2: 0 },
    direction: { V1: 0, V2: 1 },
    control: "V2",
    pin: bond,
    base: "LL",
    criteria: [{ class: "BO", order: "bond", pin: bond, factor: 10 }],
    grid: [
      [0, 1.03],
      [1.04, 7.5],
    ],
  },
  /** No CDW-II to CDW-II along V1 = 0. */
  cdw2: {
    name: "LL and BO to CDW-II, V1 = 0",
    start: { V1: 0, V2: 0 },
    direction: { V1: 0, V2: 1 },
    control: "V2",
    pin: cdw2,
    base: "LL or BO",
    criteria: [{ class: "CDW-II", order: "cdw2", pin: cdw2, factor: 10 }],
    grid: [
      [0, 1.16],
      [1.17, 20],
    ],
  },
  /**
   * Three classes along V1 = 0, states pinned for CDW-II. The factor 100 puts the second label boundary of L = 12 near
   * V2 = 1.66, where the published phase diagram has it by eye; 10 would leave bond order a sliver.
   */
  three: {
    name: "LL to BO to CDW-II, V1 = 0",
    start: { V1: 0, V2: 0 },
    direction: { V1: 0, V2: 1 },
    control: "V2",
    pin: cdw2,
    base: "LL",
    criteria: [
      { class: "BO", order: "bond", pin: bond, factor: 10 },
      { class: "CDW-II", order: "cdw2", pin: cdw2, factor: 100 },
    ],
    grid: [
      [0, 1.03],
      [1.04, 1.66],
      [1.67, 20],
    ],
  },
} as const satisfies Record<string, Cut>;

/** The couplings of `cut` at control value t. */
export function couplingsAt(cut: Cut, t: number): { V1: number; V2: number } {
  return { V1: cut.start.V1 + t * cut.direction.V1, V2: cut.start.V2 + t * cut.direction.V2 };
}
