import { addScaled, dot } from "./vector.ts";

/** The last steps s and gradient changes y, oldest first, in a ring of rows. */
export class CurvaturePairs {
  count = 0;
  readonly #steps: Float64Array[];
  readonly #changes: Float64Array[];
  readonly #products: Float64Array;
  readonly #factors: Float64Array;
  #first = 0;

  constructor(n: number, memory: number) {
    this.#steps = Array.from({ length: memory }, () => new Float64Array(n));
    this.#changes = Array.from({ length: memory }, () => new Float64Array(n));
    this.#products = new Float64Array(memory);
    this.#factors = new Float64Array(memory);
  }

  clear(): void {
    this.count = 0;
  }

  /** Keeps s = to − from and y = after − before, if sᵀy is safely positive. */
  add(to: Float64Array, from: Float64Array, after: Float64Array, before: Float64Array): void {
    const memory = this.#steps.length;
    const slot = (this.#first + this.count) % memory;
    const s = this.#steps[slot]!;
    const y = this.#changes[slot]!;
    for (let i = 0; i < s.length; i++) {
      s[i] = to[i]! - from[i]!;
      y[i] = after[i]! - before[i]!;
    }
    const product = dot(s, y);
    if (!(product > 1e-14 * Math.sqrt(dot(s, s) * dot(y, y)))) {
      if (this.count === memory) this.#drop();
      return;
    }
    this.#products[slot] = product;
    if (this.count === memory) this.#first = (this.#first + 1) % memory;
    else this.count++;
  }

  /** direction ← −H·gradient, the two-loop recursion. */
  direction(gradient: Float64Array, direction: Float64Array, precondition?: (v: Float64Array) => void): void {
    const memory = this.#steps.length;
    const n = gradient.length;
    for (let i = 0; i < n; i++) direction[i] = -gradient[i]!;
    for (let k = this.count - 1; k >= 0; k--) {
      const slot = (this.#first + k) % memory;
      const factor = dot(this.#steps[slot]!, direction) / this.#products[slot]!;
      this.#factors[slot] = factor;
      addScaled(direction, this.#changes[slot]!, -factor);
    }
    if (precondition) precondition(direction);
    else if (this.count > 0) {
      const last = (this.#first + this.count - 1) % memory;
      const y = this.#changes[last]!;
      const scale = this.#products[last]! / dot(y, y);
      for (let i = 0; i < n; i++) direction[i]! *= scale;
    }
    for (let k = 0; k < this.count; k++) {
      const slot = (this.#first + k) % memory;
      const back = dot(this.#changes[slot]!, direction) / this.#products[slot]!;
      addScaled(direction, this.#steps[slot]!, this.#factors[slot]! - back);
    }
  }

  /** The slot that was overwritten without a pair to keep is the oldest: let it go. */
  #drop(): void {
    this.#first = (this.#first + 1) % this.#steps.length;
    this.count--;
  }
}
