import { demand } from "../../core/errors.ts";
import type { ForceField } from "./force-field.ts";
import { fillStars, type Stars } from "./star.ts";
import { addVertexForces, type TripletScratch, triplets } from "./sw-triplets.ts";

/** Parameters of a Stillinger–Weber potential; `epsilon` in kcal/mol, `sigma` in Å, the others pure numbers. */
export interface StillingerWeberParameters {
  epsilon: number;
  sigma: number;
  a: number;
  lambda: number;
  gamma: number;
  cosTheta0: number;
  bigA: number;
  bigB: number;
  p: number;
  q: number;
}

/** Monatomic water, one bead a molecule: Molinero & Moore, J. Phys. Chem. B 113 (2009) 4008. */
export const mWater: StillingerWeberParameters = {
  epsilon: 6.189,
  sigma: 2.3925,
  a: 1.8,
  lambda: 23.15,
  gamma: 1.2,
  cosTheta0: -1 / 3,
  bigA: 7.049556277,
  bigB: 0.6022245584,
  p: 4,
  q: 0,
};

/**
 * The Stillinger–Weber potential E = Σ_{i<j} φ₂(r_ij) + Σ_i Σ_{j<k} φ₃(r_ij, r_ik, θ_jik), exactly two- and three-body:
 * φ₂ = Aε[B(σ/r)^p − (σ/r)^q] exp(σ/(r − aσ)),
 * φ₃ = λε (cos θ − cos θ₀)² exp(γσ/(r_ij − aσ)) exp(γσ/(r_ik − aσ)), both zero from r = aσ on.
 * V₃ of a triplet is the sum of φ₃ over its three corners. mW water by default.
 * Source: Stillinger & Weber, Phys. Rev. B 31 (1985) 5262.
 * @param options.part take the two-body or the three-body terms alone.
 * @throws UserError for a length, an energy or a range that is not above 0.
 */
export function stillingerWeber(
  options: Partial<StillingerWeberParameters> & { part?: "all" | "pairs" | "triplets" } = {},
): ForceField {
  const { part = "all", ...given } = options;
  const parameters = { ...mWater, ...given };
  const { epsilon, sigma, a, bigA, bigB, p: powerP, q: powerQ, gamma } = parameters;
  for (const [name, value] of Object.entries({ epsilon, sigma, a })) {
    demand(value > 0, () => `stillingerWeber: ${name} is ${value}; expected a number above 0`);
  }
  const cutoff = a * sigma;
  const [withPairs, withTriplets] = [part !== "triplets", part !== "pairs"];
  let stars: Stars | undefined;
  let slopes = new Float64Array(0);
  let damping = new Float64Array(0);
  let dampingSlope = new Float64Array(0);
  const scratch: TripletScratch = { gradient: new Float64Array(0), packed: new Float64Array(0) };
  return {
    name: part === "all" ? "Stillinger–Weber" : `Stillinger–Weber, ${part} alone`,
    cutoff,
    highestOrder: withTriplets ? 3 : 2,
    pairTerm: (r) => (withPairs ? stillingerWeberPair(r, parameters) : 0),
    tripletTerm: (r12, r13, r23) => (withTriplets ? stillingerWeberTriplet(r12, r13, r23, parameters) : 0),
    accumulate(positions, pairs, out) {
      stars = fillStars(positions, pairs, cutoff, stars);
      const { r } = stars;
      if (slopes.length < r.length) {
        slopes = new Float64Array(r.length);
        damping = new Float64Array(r.length);
        dampingSlope = new Float64Array(r.length);
      }
      let energy = 0;
      for (let p = 0; p < stars.pairs; p++) {
        const distance = r[p]!;
        const reach = 1 / (distance - cutoff);
        if (withTriplets) {
          const g = Math.exp(gamma * sigma * reach);
          damping[p] = g;
          dampingSlope[p] = -gamma * sigma * reach * reach * g;
        }
        if (!withPairs) continue;
        const ratio = sigma / distance;
        const head = bigB * power(ratio, powerP);
        const tail = power(ratio, powerQ);
        const e = bigA * epsilon * Math.exp(sigma * reach);
        energy += e * (head - tail);
        slopes[p] = e * ((-powerP * head + powerQ * tail) / distance - (head - tail) * sigma * reach * reach);
      }
      out.pairEnergy += energy;
      if (withTriplets) {
        const strength = parameters.lambda * epsilon;
        out.tripletEnergy += triplets(stars, damping, dampingSlope, strength, parameters.cosTheta0, scratch);
      }
      addVertexForces(
        stars,
        withPairs ? slopes : undefined,
        withTriplets ? scratch.gradient : undefined,
        out,
      );
    },
  };
}

/** φ₂(r), kcal/mol. */
export function stillingerWeberPair(r: number, parameters: StillingerWeberParameters = mWater): number {
  const { epsilon, sigma, a, bigA, bigB, p, q } = parameters;
  if (r >= a * sigma) return 0;
  return bigA * epsilon * (bigB * (sigma / r) ** p - (sigma / r) ** q) * Math.exp(sigma / (r - a * sigma));
}

/** φ₃ of the corner with sides `r1`, `r2` (Å) and the cosine of the angle between them, kcal/mol. */
export function stillingerWeberCorner(
  r1: number,
  r2: number,
  cosine: number,
  parameters: StillingerWeberParameters = mWater,
): number {
  const { epsilon, sigma, a, lambda, gamma, cosTheta0 } = parameters;
  const cutoff = a * sigma;
  if (r1 >= cutoff || r2 >= cutoff) return 0;
  const screened = Math.exp((gamma * sigma) / (r1 - cutoff) + (gamma * sigma) / (r2 - cutoff));
  return lambda * epsilon * (cosine - cosTheta0) ** 2 * screened;
}

/** V₃ of a triplet: φ₃ summed over its three corners, kcal/mol. */
export function stillingerWeberTriplet(
  r12: number,
  r13: number,
  r23: number,
  parameters: StillingerWeberParameters = mWater,
): number {
  const corner = (b: number, c: number, opposite: number) =>
    stillingerWeberCorner(b, c, (b * b + c * c - opposite * opposite) / (2 * b * c), parameters);
  return corner(r12, r13, r23) + corner(r12, r23, r13) + corner(r13, r23, r12);
}

function power(x: number, n: number): number {
  if (n === 0) return 1;
  if (n === 4) return x * x * x * x;
  return x ** n;
}
