/**
 * Ticks of a log axis from `low` to `high` that read easily: 1, 2 and 5 times powers of ten over up to two decades,
 * 1 and 3 over up to three, powers of ten beyond, every second or third power where there would be more than nine.
 * D3 leaves out the labels of denser ticks.
 */
export function logTicks(low: number, high: number): number[] {
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  const decades = Math.log10(high / low);
  const factors = decades < 1.95 ? [1, 2, 5] : decades < 3.05 ? [1, 3] : [1];
  const stride = Math.max(1, Math.ceil((last - first) / 8));
  const ticks: number[] = [];
  for (let power = first; power <= last; power += stride) {
    for (const factor of factors) {
      const tick = Number(`${factor}e${power}`);
      if (tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9)) ticks.push(tick);
    }
  }
  return ticks;
}
