import { numberColumn, type Table } from "../../data/table.ts";

/**
 * Kepler's six planets: mean distance from the sun and period. The distances are Kepler's own, the third law (Harmonices
 * Mundi, 1619) is P = c·a^(3/2). As in the benchmark of Cranmer (arXiv:2305.01582).
 */
export const keplerPlanets: Table = {
  name: "kepler",
  title: "Kepler's six planets",
  rows: 6,
  columns: [
    numberColumn("a", "au", [0.389, 0.724, 1, 1.524, 5.2, 9.51], { help: "mean distance from the sun" }),
    numberColumn("P", "d", [87.77, 224.7, 365.25, 686.95, 4332.62, 10759.2], { help: "period" }),
  ],
  provenance: [
    {
      name: "Kepler's planets",
      source: "typed in",
      citation: "Kepler, Harmonices Mundi (1619); as tabulated by Cranmer, arXiv:2305.01582",
    },
  ],
};

/**
 * The eight distances of the Titius–Bode rule a = 0.4 + 0.3·2ⁿ: Mercury stands at n = −1000, as good as −∞, and Ceres at 3.
 * As in the benchmark of Cranmer (arXiv:2305.01582).
 */
export const bodePlanets: Table = {
  name: "bode",
  title: "Bode's eight distances",
  rows: 8,
  columns: [
    numberColumn("n", "", [-1000, 0, 1, 2, 3, 4, 5, 6], { help: "place in the sequence" }),
    numberColumn("a", "au", [0.39, 0.72, 1, 1.52, 2.77, 5.2, 9.58, 19.22], {
      help: "mean distance from the sun",
    }),
  ],
  provenance: [
    {
      name: "Bode's planets",
      source: "typed in",
      citation:
        "Bode, Deutliche Anleitung zur Kenntniss des gestirnten Himmels (1772); as tabulated by Cranmer, arXiv:2305.01582",
    },
  ],
};
