/** Okabe and Ito's blue, vermilion and green, and the greys of notes and guides. */
export const blue = "#0072b2";
export const orange = "#d55e00";
export const green = "#009e73";
export const grey = "#59636e";
export const guide = "#8b949e";
export const ink = "#1f2328";

/** Text cut to at most `most` characters, with an ellipsis. */
export const cut = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1)}…`;

/** " (kg)", or nothing for a pure number. */
export const unitText = (unit: string | undefined): string =>
  unit === undefined || unit === "" || unit === "1" ? "" : ` (${unit})`;

/** A figure's or table's name, with the subject's id before it. */
export const named = (id: string | undefined, name: string): string =>
  id === undefined ? name : `${id}-${name}`;
