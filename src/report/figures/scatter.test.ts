import { expect, test } from "vitest";
import { numberColumn } from "../../data/table.ts";
import { renderFigure } from "../render-figure.ts";
import { scatter } from "./scatter.ts";

const x = numberColumn("angle", "rad", [0, 1, 2]);
const y = numberColumn("torque", "N·m", [0, -0.8, -0.9]);
const about = { name: "torque", title: "Torque", caption: "Three points." };

test("draws a point for each row, axes with units, and the curve over the points' range", () => {
  const svg = renderFigure(scatter({ ...about, x, y, curve: (v) => -Math.sin(v) }));
  expect(svg.match(/<circle /g)).toHaveLength(3);
  expect(svg).toContain("angle (rad)");
  expect(svg).toContain("torque (N·m)");
  expect(svg.match(/stroke-dasharray/g)).toHaveLength(1);
  const plain = scatter({ ...about, x, y });
  expect(renderFigure(plain)).not.toContain("stroke-dasharray");
  expect(plain.data).toEqual({ name: "torque", rows: 3, columns: [x, y], provenance: [] });
});

test("refuses columns of unequal length", () => {
  expect(() => scatter({ ...about, x, y: numberColumn("torque", "N·m", [1]) })).toThrow(
    "scatter 'torque': 'angle' has 3 values, 'torque' 1; expected as many",
  );
});
