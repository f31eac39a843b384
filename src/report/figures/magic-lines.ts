import * as Plot from "@observablehq/plot";
import { ink } from "../palette.ts";

/** The numbers of protons or neutrons at which shells close. */
export const magicNumbers = [8, 20, 28, 50, 82, 126] as const;

const overhang = 3;

interface Line {
  magic: number;
  from: number;
  to: number;
}

/**
 * Marks for a chart with N to the right and Z upwards: a dashed line at every magic number that occurs, a little longer
 * than the nuclides on it, with the number at its lower end (N) or left end (Z): there the chart of nuclides is empty.
 */
export function magicLines(z: readonly number[], n: readonly number[]): Plot.Markish[] {
  const vertical = lines(n, z);
  const horizontal = lines(z, n);
  const dashes = { stroke: ink, strokeWidth: 1, strokeDasharray: "3,2", strokeOpacity: 0.85 } as const;
  const words = {
    text: (line: Line) => String(line.magic),
    fill: ink,
    stroke: "white",
    strokeWidth: 3,
  } as const;
  return [
    Plot.ruleX(vertical, { x: "magic", y1: "from", y2: "to", ...dashes }),
    Plot.ruleY(horizontal, { y: "magic", x1: "from", x2: "to", ...dashes }),
    Plot.text(vertical, { x: "magic", y: "from", dy: 3, lineAnchor: "top", ...words }),
    Plot.text(horizontal, { y: "magic", x: "from", dx: -4, textAnchor: "end", ...words }),
  ];
}

function lines(along: readonly number[], across: readonly number[]): Line[] {
  return magicNumbers.flatMap((magic) => {
    const on = across.filter((_, i) => along[i] === magic);
    if (on.length === 0) return [];
    return [{ magic, from: Math.min(...on) - overhang, to: Math.max(...on) + overhang }];
  });
}
