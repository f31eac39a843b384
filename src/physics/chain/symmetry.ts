import type { Ring } from "./model.ts";

/** A symmetry of a ring: site i goes to ±i + shift, and with `exchange` particles and holes change places. */
export interface RingSymmetry {
  shift: number;
  reflect: boolean;
  exchange: boolean;
}

/** The site that `symmetry` takes site i to. */
export function imageOf(symmetry: RingSymmetry, i: number, L: number): number {
  const turned = (symmetry.reflect ? -i : i) + symmetry.shift;
  return ((turned % L) + L) % L;
}

/** The occupation that `symmetry` takes `state` to (site 0 the most significant of L bits). */
export function applySymmetry(symmetry: RingSymmetry, state: number, L: number): number {
  let image = 0;
  for (let i = 0; i < L; i++) {
    if ((state >>> (L - 1 - i)) & 1) image |= 1 << (L - 1 - imageOf(symmetry, i, L));
  }
  return symmetry.exchange ? image ^ (2 ** L - 1) : image;
}

/**
 * The symmetries of a ring: those translations and reflections, alone or with the exchange of particles and holes,
 * that map its fields and bonds onto themselves (fields onto their negative under the exchange, which needs half
 * filling). They are found by trying all 4L, not assumed from the kind of field. V1 and V2 have them all.
 * @param options.exchange false: translations and reflections only. Default true.
 */
export function ringSymmetries(ring: Ring, options: { exchange?: boolean } = {}): RingSymmetry[] {
  const { L, N, field, hop } = ring;
  const found: RingSymmetry[] = [];
  for (const exchange of (options.exchange ?? true) && 2 * N === L ? [false, true] : [false]) {
    for (const reflect of [false, true]) {
      for (let shift = 0; shift < L; shift++) {
        const symmetry = { shift, reflect, exchange };
        let holds = true;
        for (let i = 0; i < L && holds; i++) {
          const to = imageOf(symmetry, i, L);
          const bond = reflect ? (to + L - 1) % L : to;
          holds = field[to] === (exchange ? -field[i]! : field[i]!) && hop[bond] === hop[i];
        }
        if (holds) found.push(symmetry);
      }
    }
  }
  return found;
}
