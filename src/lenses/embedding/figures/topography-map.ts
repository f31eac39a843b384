import * as Plot from "@observablehq/plot";
import * as d3 from "d3";
import { numberColumn, type Provenance } from "../../../data/table.ts";
import type { PlotFigure } from "../../figure.ts";
import type { Topography } from "../topography.ts";
import { componentLabel, labelOf } from "./words.ts";

interface Cell {
  title: string;
  column: number;
  row: number;
}

/**
 * Maps of the model's output over a plane of the latent space, one panel a fixed token, with the real tokens on top.
 * With `relative`, each panel shows the difference from its own value at the plane's middle: the panels' shapes then
 * compare where their levels lie far apart.
 */
export function topographyFigure(
  map: Topography,
  options: { relative: boolean; provenance: readonly Provenance[] },
): PlotFigure {
  const { table, probe, plane, x, y, maps } = map;
  const { relative } = options;
  const name = `topography-${table.name}-pc${plane.join("")}`;
  const columns = maps.length <= 3 ? maps.length : maps.length === 4 ? 2 : 3;
  const rows = Math.ceil(maps.length / columns);
  const cells = maps.map(({ fixedToken }, i): Cell => {
    const title = `${probe.fixed} = ${fixedToken}`;
    return { title, column: i % columns, row: Math.floor(i / columns) };
  });
  const shown = maps.map(({ values }) => {
    const middle = relative ? values[nearestToZero(y) * x.length + nearestToZero(x)]! : 0;
    return values.map((value) => value - middle);
  });
  const low = Math.min(...shown.map((values) => d3.min(values)!));
  const high = Math.max(...shown.map((values) => d3.max(values)!));
  const reach = Math.max(Math.abs(low), Math.abs(high)) || 1;
  const thresholds = d3.ticks(low, high, 22);
  const regions = shown.flatMap((values, i) => contours(values, x, y, thresholds, low, cells[i]!));
  const tokens = maps.flatMap(({ fixedToken }, i) =>
    map.tokens
      .filter(({ token }) => probe.exists(token, fixedToken))
      .map((token) => ({ ...token, ...cells[i]! })),
  );
  const named = tokens.filter(({ token }) =>
    table.marked ? table.marked.includes(token) : token % 20 === 0,
  );
  const peaks = shown.map((values, i) => {
    const at = d3.maxIndex(values);
    return { x: x[at % x.length]!, y: y[Math.floor(at / x.length)]!, ...cells[i]! };
  });
  const facet = { fx: "column", fy: "row" } as const;
  const quantity = relative ? `${probe.quantity} minus its value at the middle` : probe.quantity;
  const half = [(x[1]! - x[0]!) / 2, (y[1]! - y[0]!) / 2] as const;
  return {
    kind: "plot",
    name,
    title: `Latent-space topography of ${labelOf(table)}: PC${plane[0]} and PC${plane[1]}`,
    caption:
      `The model's ${probe.quantity} when the embedding of ${labelOf(table)} is replaced by points of the plane ` +
      `(other components at the tokens' mean), with ${probe.fixed} held fixed; ${x.length}×${y.length} points a panel, one model. ` +
      `${relative ? "Each panel shows the difference from its own middle. " : ""}` +
      `Dots: the real tokens that occur with that ${probe.fixed}, at their own two coordinates; cross: the highest point.`,
    data: {
      name,
      rows: maps.length * x.length * y.length,
      columns: [
        numberColumn(
          probe.fixed,
          "",
          maps.flatMap(({ fixedToken, values }) => Array.from(values, () => fixedToken)),
        ),
        numberColumn(
          `PC${plane[0]}`,
          "",
          maps.flatMap(({ values }) => Array.from(values, (_, k) => x[k % x.length]!)),
        ),
        numberColumn(
          `PC${plane[1]}`,
          "",
          maps.flatMap(({ values }) => Array.from(values, (_, k) => y[Math.floor(k / x.length)]!)),
        ),
        numberColumn(
          "value",
          probe.unit,
          maps.flatMap(({ values }) => Array.from(values)),
          { help: probe.quantity },
        ),
      ],
      provenance: options.provenance,
    },
    plot: {
      height: 60 + rows * Math.min(300, 560 / columns),
      marginTop: 14,
      marginLeft: 58,
      inset: 0,
      grid: false,
      x: {
        label: componentLabel(plane[0], map.explained[0]),
        domain: [x[0]! - half[0], x.at(-1)! + half[0]],
        ticks: 4,
      },
      y: {
        label: componentLabel(plane[1], map.explained[1]),
        domain: [y[0]! - half[1], y.at(-1)! + half[1]],
        ticks: 4,
      },
      fx: { axis: null, padding: 0.06 },
      fy: { axis: null, padding: 0.06 },
      color: {
        label: `${quantity} (${probe.unit})`,
        ...(relative ? { type: "diverging", domain: [-reach, reach] } : { type: "linear" }),
      },
      marks: [
        Plot.geo(regions, {
          fx: (region: Region) => region.properties.column,
          fy: (region: Region) => region.properties.row,
          fill: (region: Region) => region.properties.value,
          stroke: (region: Region) => region.properties.value,
          strokeWidth: 0.7,
          clip: "frame",
        }),
        Plot.line(tokens, {
          x: "x",
          y: "y",
          ...facet,
          stroke: "white",
          strokeWidth: 0.6,
          strokeOpacity: 0.7,
        }),
        Plot.dot(tokens, {
          x: "x",
          y: "y",
          ...facet,
          r: 2.6,
          fill: "white",
          stroke: "#1f2328",
          strokeWidth: 0.8,
        }),
        Plot.text(named, {
          x: "x",
          y: "y",
          ...facet,
          text: (point: { token: number }) => String(point.token),
          dy: -9,
          fill: "#1f2328",
          stroke: "white",
          strokeWidth: 3,
        }),
        Plot.dot(peaks, { x: "x", y: "y", ...facet, symbol: "times", r: 5, stroke: "white", strokeWidth: 4 }),
        Plot.dot(peaks, {
          x: "x",
          y: "y",
          ...facet,
          symbol: "times",
          r: 5,
          stroke: "#1f2328",
          strokeWidth: 2,
        }),
        Plot.frame({ stroke: "#59636e", strokeOpacity: 0.6 }),
        Plot.text(cells, {
          ...facet,
          text: "title",
          frameAnchor: "top-left",
          dx: 6,
          dy: 6,
          fontWeight: 600,
          fill: "#1f2328",
          stroke: "white",
          strokeWidth: 4,
        }),
      ],
    },
  };
}

interface Region {
  type: "Feature";
  geometry: d3.ContourMultiPolygon;
  properties: Cell & { value: number };
}

/**
 * Filled bands of a gridded map as shapes in the plane's own coordinates. The map is continued straight by one point
 * on every side, for the shapes' outer corners are cut off.
 */
function contours(
  values: Float64Array,
  x: Float64Array,
  y: Float64Array,
  thresholds: readonly number[],
  low: number,
  cell: Cell,
): Region[] {
  const step = thresholds.length > 1 ? thresholds[1]! - thresholds[0]! : 0;
  const levels = [Number.NEGATIVE_INFINITY, ...thresholds];
  const [width, height] = [x.length + 2, y.length + 2];
  const along = (get: (i: number) => number, i: number, count: number) => {
    if (i < 0) return 2 * get(0) - get(1);
    return i < count ? get(i) : 2 * get(count - 1) - get(count - 2);
  };
  const padded = Array.from({ length: width * height }, (_, k) =>
    along(
      (row) => along((column) => values[row * x.length + column]!, (k % width) - 1, x.length),
      Math.floor(k / width) - 1,
      y.length,
    ),
  );
  const draw = d3.contours().size([width, height]);
  return levels.flatMap((level, band) => {
    const geometry = draw.contour(padded, level);
    if (geometry.coordinates.length === 0) return [];
    for (const ring of geometry.coordinates.flat()) {
      for (const point of ring) {
        point[0] = x[0]! + (point[0]! - 1.5) * (x[1]! - x[0]!);
        point[1] = y[0]! + (point[1]! - 1.5) * (y[1]! - y[0]!);
      }
    }
    const value = band === 0 ? (low + (thresholds[0] ?? low)) / 2 : level + step / 2;
    return [{ type: "Feature" as const, geometry, properties: { ...cell, value } }];
  });
}

function nearestToZero(values: Float64Array): number {
  return d3.minIndex(values, (value) => Math.abs(value));
}
