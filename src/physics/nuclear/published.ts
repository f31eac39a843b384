/** The error of a mass model as its authors state it: on their nuclei, not on ours. */
export interface PublishedError {
  title: string;
  /** Root mean square deviation of the masses, keV. */
  rms: number;
  /** On what. */
  nuclei: string;
  citation: string;
}

/** WS4, the macroscopic–microscopic model baselines are usually held against. */
export const ws4Published: PublishedError = {
  title: "WS4 (published)",
  rms: 298,
  nuclei: "2353 measured masses of AME2012 with Z, N ≥ 8",
  citation: "Wang, Liu, Wu & Meng, Physics Letters B 734 (2014) 215",
};
