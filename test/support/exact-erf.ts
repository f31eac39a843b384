/** Fixed-point numbers with this many binary places: enough for erfc(26) = 10⁻²⁹⁶ as a difference from 1. */
const places = 1400n;
const one = 1n << places;

/** arctan(1/n) by its series. */
function arctanOfInverse(n: bigint): bigint {
  let power = one / n;
  let sum = power;
  for (let k = 3n; power !== 0n; k += 2n) {
    power = -power / (n * n);
    sum += power / k;
  }
  return sum;
}

/** √π by Machin's formula and Newton's square root. */
function rootOfPi(): bigint {
  const pi = 4n * (4n * arctanOfInverse(5n) - arctanOfInverse(239n));
  let root = 2n * one;
  for (let last = 0n; last !== root; ) {
    last = root;
    const next = (root + (pi << places) / root) >> 1n;
    if (next < root) root = next;
  }
  return root;
}

const sqrtPi = rootOfPi();

function fixed(x: number): bigint {
  let scaled = x;
  let halvings = 0n;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    halvings++;
  }
  return (BigInt(scaled) << places) >> halvings;
}

function toNumber(x: bigint): number {
  const size = x < 0n ? -x : x;
  const spare = Math.max(0, size.toString(2).length - 64);
  const value = Number(size >> BigInt(spare)) * 2 ** -700 * 2 ** (spare - 700);
  return x < 0n ? -value : value;
}

function series(x: number): bigint {
  const [start, square] = [fixed(x), (fixed(x) * fixed(x)) >> places];
  let [term, sum] = [start, start];
  for (let n = 1n; term !== 0n && term !== -1n; n++) {
    term = ((-term * square) >> places) / n;
    sum += term / (2n * n + 1n);
  }
  return ((2n * sum) << places) / sqrtPi;
}

/** erf(x) = 2/√π Σ (−1)ⁿ x²ⁿ⁺¹/(n!(2n+1)) in integers of 1400 binary places, rounded once. |x| ≤ 26. */
export function exactErf(x: number): number {
  return toNumber(series(x));
}

/** 1 − erf(x) with the difference taken before rounding. |x| ≤ 26. */
export function exactErfc(x: number): number {
  return toNumber(one - series(x));
}
