/** Text and axes on the white ground of a figure. */
export const ink = "#1f2328";
/** Notes and reference lines. */
export const faint = "#59636e";
/** Helpful and harmful, right and wrong: two of Okabe and Ito's colours. */
export const blue = "#0072b2";
export const orange = "#d55e00";
export const green = "#009e73";
export const amber = "#e69f00";
