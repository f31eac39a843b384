import { interpolateViridis } from "d3";

/** Text and axes on the white ground of a figure. */
export const ink = "#1f2328";
/** Notes and reference lines. */
export const faint = "#59636e";
/** Branches and points that belong to no group. */
export const neutral = "#7a838d";
/** Okabe and Ito's colours, in the order of the report's own figures, without yellow, which is faint on white. */
export const categories = [
  "#0072b2",
  "#d55e00",
  "#009e73",
  "#e69f00",
  "#cc79a7",
  "#56b4e9",
  "#000000",
] as const;
/** Viridis (Smith & van der Walt, 2015) without its palest end. */
export const ordered = (t: number): string => interpolateViridis(0.93 * t);
