import type { PlotOptions } from "@observablehq/plot";
import type { Table } from "../data/table.ts";

interface FigureCommon {
  /** File name without ending, unique in a run: "residuals-chart". */
  name: string;
  title: string;
  /** What is drawn, with uncertainty and sample size, and what to see. Plain text. */
  caption: string;
  /** The numbers that are drawn, saved beside the picture as CSV. */
  data: Table;
}

/** A picture drawn by Observable Plot. Axis labels carry their unit: "N", "residual (MeV)". */
export interface PlotFigure extends FigureCommon {
  kind: "plot";
  /** Fonts, colours' defaults and `document` are added by the report; width is in px (default 640). */
  plot: PlotOptions;
}

/** Points in three dimensions that the reader can turn in the report; a fixed view is saved as SVG and PNG. */
export interface SceneFigure extends FigureCommon {
  kind: "scene";
  axes: [string, string, string];
  /** Joined by a line in this order where `line` is true. */
  points: { x: number; y: number; z: number; label: string; value: number }[];
  line: boolean;
  /** What the colour (viridis over `value`) stands for. */
  valueLabel: string;
  /** Two points (by index) joined by a line, or three by a triangle, coloured by their group. */
  links?: readonly SceneLink[];
  /** All three axes have the same scale: for positions in space. */
  sameScale?: true;
}

/** Points of a scene that belong together. */
export interface SceneLink {
  members: readonly [number, number] | readonly [number, number, number];
  /** Named in the legend: "attractive pair". */
  group: string;
}

export type Figure = PlotFigure | SceneFigure;
