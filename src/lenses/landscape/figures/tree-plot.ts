import * as Plot from "@observablehq/plot";
import type { Encoding } from "./encoding.ts";
import type { Quantity } from "./inputs.ts";
import { ink } from "./style.ts";
import { labelSize, placedLabels } from "./tree-labels.ts";

/** A straight piece of a drawn tree. */
export interface Piece {
  from: [number, number];
  to: [number, number];
  /** Minima of the branch that it belongs to. */
  minima: readonly number[];
}

/** The end of a branch. */
export interface Leaf {
  x: number;
  y: number;
  text: string;
  minima: readonly number[];
}

const [width, height, marginLeft, marginRight, marginTop] = [640, 440, 74, 16, 12];

/** With more leaves than this they have no dots, and only the lowest twelve may have labels. */
const many = 60;

/**
 * Options of a drawn tree: lines coloured by `encoding`, the upright axis with its unit, labels below as many leaves as
 * have room, the lowest first. Lines are thin where leaves are many.
 */
export function treePlot(options: {
  pieces: readonly Piece[];
  leaves: readonly Leaf[];
  encoding: Encoding;
  energy: Quantity;
  /** The horizontal axis; without one, basins side by side. */
  x: { domain: [number, number]; label?: string };
}): Plot.PlotOptions {
  const { pieces, leaves, encoding, energy, x } = options;
  const heights = pieces.flatMap(({ from, to }) => [from[1], to[1]]);
  const [low, high] = [Math.min(...heights), Math.max(...heights)];
  const domain: [number, number] = [low - 0.055 * (high - low), high + 0.01 * (high - low)];
  const marginBottom = x.label === undefined ? 14 : 42;
  const across = (value: number) =>
    marginLeft + ((width - marginLeft - marginRight) * (value - x.domain[0])) / (x.domain[1] - x.domain[0]);
  const down = (value: number) =>
    marginTop + ((height - marginTop - marginBottom) * (domain[1] - value)) / (domain[1] - domain[0]);
  const rows = pieces.map(({ from, to, minima }) => ({
    ...{ x1: from[0], y1: from[1], x2: to[0], y2: to[1] },
    code: encoding.of(minima),
  }));
  const uprights = pieces.map(({ from, to }) => ({
    ...{ x: across(to[0]), head: down(from[1]) },
    foot: down(to[1]),
  }));
  const named = placedLabels(
    leaves
      .toSorted((a, b) => a.y - b.y || a.x - b.x)
      .slice(0, leaves.length > many ? 12 : undefined)
      .map((leaf) => ({ text: leaf.text, leaf, x: across(leaf.x), y: down(leaf.y) })),
    uprights,
  ).map(({ leaf }) => leaf);
  const strokeWidth = leaves.length > 150 ? 0.9 : leaves.length > many ? 1.2 : 1.6;
  return {
    ...{ width, height, marginLeft, marginRight, marginTop, marginBottom, inset: 0 },
    grid: false,
    x: x.label === undefined ? { axis: null, domain: x.domain } : { label: x.label, domain: x.domain },
    y: { label: quantity(energy), domain, grid: true },
    color: encoding.color,
    marks: [
      Plot.link(rows, {
        ...{ x1: "x1", y1: "y1", x2: "x2", y2: "y2", stroke: "code", strokeWidth },
        strokeLinecap: "round",
      }),
      Plot.dot(leaves.length > many ? [] : leaves, {
        ...{ x: "x", y: "y", r: 2.4 },
        fill: (leaf: Leaf) => encoding.of(leaf.minima),
      }),
      Plot.text(named, {
        ...{ x: "x", y: "y", text: "text", dy: 9, fontSize: labelSize, fill: ink },
        ...{ stroke: "white", strokeWidth: 3 },
      }),
    ],
  };
}

/** "energy (ε)"; a pure number has no unit. */
export function quantity({ label, unit }: Quantity): string {
  return unit === "" ? label : `${label} (${unit})`;
}
