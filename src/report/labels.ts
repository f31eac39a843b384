/** A label with its unit, as axes, legends and table heads print it: "residual (keV)"; a pure number has none. */
export function withUnit(label: string, unit: string): string {
  return unit === "" ? label : `${label} (${unit})`;
}
