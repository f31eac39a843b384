import * as d3 from "d3";

/**
 * Eight colours that stay apart for every kind of colour vision (Okabe and Ito, "Color universal design", 2008), in
 * the order physlens uses them: the two clearest on white first, yellow last.
 */
export const okabeIto = [
  "#0072b2",
  "#d55e00",
  "#009e73",
  "#e69f00",
  "#cc79a7",
  "#56b4e9",
  "#000000",
  "#f0e442",
] as const;

/** Ordered data: viridis (Smith and van der Walt, 2015); `t` from 0 to 1. */
export const sequential: (t: number) => string = d3.interpolateViridis;

/**
 * Signed data: blue below zero, red above, light grey at zero so that a cell of value zero still shows on white.
 * The hues are ColorBrewer's RdBu (Brewer, 2003), joined in Lab space; `t` from 0 to 1, zero at 0.5.
 */
export const diverging: (t: number) => string = d3.piecewise(d3.interpolateLab, [
  "#08306b",
  "#2166ac",
  "#4393c3",
  "#92c5de",
  "#e4e4e4",
  "#f4a582",
  "#d6604d",
  "#b2182b",
  "#67001f",
]);

/** Text, axes and lines on the white ground of a figure. */
export const ink = "#1f2328";
/** Text that stands back: notes, secondary labels. */
export const faintInk = "#59636e";
/** Lines that only guide the eye. */
export const guide = "#8b949e";
/** The ground of every figure, in the light and in the dark page. */
export const ground = "#ffffff";
