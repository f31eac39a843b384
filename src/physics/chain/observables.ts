import { demand } from "../../core/errors.ts";
import { type ChainBasis, occupation } from "./basis.ts";

/** ⟨nᵢ⟩ of every site. `amplitudes` in the order of `basis`, Σψ² = 1. */
export function densities(basis: ChainBasis, amplitudes: Float64Array): Float64Array {
  const { L, states } = basis;
  requireState("densities", basis, amplitudes);
  const n = new Float64Array(L);
  states.forEach((state, s) => {
    const weight = amplitudes[s]! ** 2;
    for (let i = 0; i < L; i++) if (occupation(state, i, L)) n[i]! += weight;
  });
  return n;
}

/**
 * Order parameter of a charge-density wave, (1/L) Σᵢ |⟨nᵢ⟩ − ⟨nᵢ₊d⟩|: d = 1 for CDW-I (1010…), d = 2 for CDW-II
 * (1100…). 0 without a symmetry-breaking field, at most 1.
 */
export function chargeOrder(density: Float64Array, distance: 1 | 2): number {
  return meanStep(density, distance);
}

/** Bᵢ = ⟨hop i↔i+1 + h.c.⟩ = 2 Σ ψ(…10…)ψ(…01…) of every bond (i, i+1). */
export function bondStrengths(basis: ChainBasis, amplitudes: Float64Array): Float64Array {
  const { L, states } = basis;
  requireState("bondStrengths", basis, amplitudes);
  const strengths = new Float64Array(L);
  for (let i = 0; i < L; i++) {
    const bit = 1 << (L - 1 - i);
    const both = bit | (1 << (L - 1 - ((i + 1) % L)));
    states.forEach((state, s) => {
      if ((state & both) !== bit) return;
      strengths[i]! += 2 * amplitudes[s]! * amplitudes[basis.indexOf(state ^ both)]!;
    });
  }
  return strengths;
}

/** Bond order parameter (1/L) Σᵢ |Bᵢ − Bᵢ₊₁|. 0 without bond alternation. */
export function bondOrder(strengths: Float64Array): number {
  return meanStep(strengths, 1);
}

/**
 * Charge structure factor S(q) = (1/L) ⟨|Σⱼ e^{iqj}(nⱼ − ⟨nⱼ⟩)|²⟩, q a multiple of 2π/L in radians. It needs no
 * symmetry-breaking field: S(π)/L is finite in CDW-I, S(π/2)/L in CDW-II.
 */
export function structureFactor(basis: ChainBasis, amplitudes: Float64Array, q: number): number {
  const { L, states } = basis;
  const n = densities(basis, amplitudes);
  let sum = 0;
  states.forEach((state, s) => {
    let re = 0;
    let im = 0;
    for (let j = 0; j < L; j++) {
      const deviation = occupation(state, j, L) - n[j]!;
      re += deviation * Math.cos(q * j);
      im += deviation * Math.sin(q * j);
    }
    sum += amplitudes[s]! ** 2 * (re * re + im * im);
  });
  return sum / L;
}

/** The three order parameters that tell the phases apart. */
export interface OrderParameters {
  cdw1: number;
  cdw2: number;
  bond: number;
}

/** CDW-I, CDW-II and bond order of one state. */
export function orderParameters(basis: ChainBasis, amplitudes: Float64Array): OrderParameters {
  const n = densities(basis, amplitudes);
  return {
    cdw1: chargeOrder(n, 1),
    cdw2: chargeOrder(n, 2),
    bond: bondOrder(bondStrengths(basis, amplitudes)),
  };
}

function meanStep(values: Float64Array, distance: number): number {
  const L = values.length;
  let sum = 0;
  for (let i = 0; i < L; i++) sum += Math.abs(values[i]! - values[(i + distance) % L]!);
  return sum / L;
}

function requireState(where: string, basis: ChainBasis, amplitudes: Float64Array): void {
  demand(
    amplitudes.length === basis.count,
    () =>
      `${where}: ${amplitudes.length} amplitudes; the basis of L = ${basis.L}, N = ${basis.N} has ${basis.count}`,
  );
}
