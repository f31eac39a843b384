import type { FieldForces } from "./field-forces.ts";

/**
 * Takes the worst overlaps out of a start: steps along the forces, none longer than `longest` Å, that grow while the
 * energy falls and shrink when it rises, until no force exceeds `force` kcal/mol/Å or `steps` are done. Not a
 * minimisation: dynamics follow.
 */
export function relax(
  start: Float64Array,
  field: FieldForces,
  options: { steps?: number; longest?: number; force?: number } = {},
): Float64Array {
  const { steps = 500, force = 30 } = options;
  const limit = options.longest ?? 0.1;
  let step = limit;
  let positions = start.slice();
  const forces = new Float64Array(start.length);
  const tried = new Float64Array(start.length);
  let energy = field.compute(positions, forces);
  for (let i = 0; i < steps; i++) {
    const largest = forces.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    if (largest <= force) break;
    const moved = positions.map((x, k) => x + (step * forces[k]!) / largest);
    const after = field.compute(moved, tried);
    if (after < energy) {
      energy = after;
      positions = moved;
      forces.set(tried);
      step = Math.min(limit, 1.2 * step);
    } else {
      step /= 2;
    }
  }
  return positions;
}
