import * as Plot from "@observablehq/plot";
import { numberColumn, textColumn } from "../../data/table.ts";
import type { Answers } from "../../lenses/curvature/ask.ts";
import { spreadOut } from "../../lenses/curvature/check-removal.ts";
import type { PlotFigure } from "../../lenses/figure.ts";
import { linspace } from "../../physics/chain/grids.ts";
import type { PhasePlane } from "../../physics/chain/plane.ts";
import { faintInk, ink } from "../../report/palette.ts";
import type { PhasesData } from "./data.ts";

const grounds = ["#eef2f7", "#fdf0dd", "#e6f4ee", "#f6e8f1"] as const;

/**
 * The training states on the (V1, V2) phase diagram, coloured by their influence on three test states: one lane a test
 * state beside the cut, so that a thousand states on a line can be told apart.
 */
export function diagramFigure(data: PhasesData, plane: PhasePlane, answers: Answers): PlotFigure {
  const { axis, cut, train } = data;
  const along = cut.control;
  const probes = spreadOut(answers, 3);
  const { influence, set } = answers;
  const [v1, v2] = [Array.from(plane.V1), Array.from(plane.V2)];
  const [width1, width2] = [cellEdges(v1), cellEdges(v2)];
  const most = v2.at(-1)!;
  const edge = (k: number) => -Math.expm1(0.16 + 0.24 * k);
  const cells = v2.flatMap((b, j) =>
    v1.map((a, i) => ({
      x1: width1[i]![0],
      x2: width1[i]![1],
      y1: width2[j]![0],
      y2: width2[j]![1],
      phase: plane.labels[j * v1.length + i]!,
      a,
      b,
    })),
  );
  const rows = probes.flatMap((t, k) => {
    const values = influence.data.subarray(t * influence.cols, (t + 1) * influence.cols);
    const largest = Math.max(...Array.from(values, Math.abs)) || 1;
    return Array.from(values, (value, i) => ({
      at: train.set.control[i]!,
      from: edge(k + 0.12),
      to: edge(k + 0.88),
      value: Math.sign(value) * Math.abs(value / largest) ** 0.5,
      raw: value,
      probe: set.points.names[t]!,
      point: i,
    })).sort((a, b) => Math.abs(a.value) - Math.abs(b.value));
  });
  const lanes = probes.map((t, k) => ({
    at: set.points.control[t]!,
    middle: edge(k + 0.5),
    label: `on ${along} = ${Number(set.points.control[t]!.toPrecision(3))}`,
  }));
  const vertical = along === "V2";
  const [from, to] = [train.set.control[0]!, train.set.control.at(-1)!];
  const cutLine = [from, to].map((at) => ({
    x: cut.start.V1 + cut.direction.V1 * at,
    y: cut.start.V2 + cut.direction.V2 * at,
  }));
  const names = plane.classes.flatMap((name, k) => {
    const own = cells.filter(({ phase }) => phase === k);
    const foreign = cells.filter(({ phase }) => phase !== k);
    const along = linspace(0, 1, 60).map((t) => ({
      a: cutLine[0]!.x + t * (cutLine[1]!.x - cutLine[0]!.x),
      b: cutLine[0]!.y + t * (cutLine[1]!.y - cutLine[0]!.y),
    }));
    const at = roomiest(own, [...foreign, ...along], [v1.at(-1)!, most]);
    return at ? [{ name, x: at.a, y: at.b }] : [];
  });
  const star = { symbol: "diamond", r: 5, fill: "white", stroke: ink, strokeWidth: 1.4 } as const;
  const laneMarks = vertical
    ? [
        Plot.ruleY(rows, { y: "at", x1: "from", x2: "to", stroke: "value", strokeWidth: 1.4 }),
        Plot.dot(lanes, { y: "at", x: "middle", ...star }),
      ]
    : [
        Plot.ruleX(rows, { x: "at", y1: "from", y2: "to", stroke: "value", strokeWidth: 1.4 }),
        Plot.dot(lanes, { x: "at", y: "middle", ...star }),
      ];
  const words = new Map(lanes.map(({ middle, label }) => [middle, label]));
  const ticksOf = (own: boolean, list: readonly number[], end: number) => ({
    ticks: [...list.filter((tick) => tick <= end), ...(own ? words.keys() : [])],
    tickFormat: (value: number) => words.get(value) ?? String(value),
  });
  return {
    kind: "plot",
    name: `${data.cutName}-diagram`,
    title: "Training states on the phase diagram, coloured by influence",
    caption:
      `Lanes beside the cut (black line), one a test state: the ${train.set.count} training states at their place along it, coloured by their influence on the loss of that test state (diamond), blue harmful, red helpful, as the signed root of the influence over the lane's largest; one network. ` +
      `Ground: the phases of the ring of ${plane.L} sites by the label rule (${plane.rule}); boundaries on so small a ring are those of the thresholds. Both axes are linear near zero and logarithmic beyond 1.`,
    data: {
      name: `${data.cutName}-diagram`,
      rows: rows.length,
      columns: [
        textColumn(
          "test state",
          rows.map((row) => row.probe),
        ),
        numberColumn(
          "V1",
          "",
          rows.map((row) => train.set.V1[row.point]!),
        ),
        numberColumn(
          "V2",
          "",
          rows.map((row) => train.set.V2[row.point]!),
        ),
        numberColumn(
          "influence",
          "",
          rows.map((row) => row.raw),
          { help: "change of the test state's loss when the training state is left out" },
        ),
      ],
      provenance: [],
    },
    plot: {
      height: vertical ? 460 : 420,
      ...(vertical ? { marginBottom: 76 } : {}),
      inset: 0,
      grid: false,
      x: {
        label: "V1/J",
        type: "symlog",
        constant: 1,
        ...ticksOf(vertical, vertical ? [0, 0.5, 1, 2, 5, 10] : (axis.ticks ?? []), v1.at(-1)!),
        ...(vertical ? { tickRotate: -35 } : {}),
      },
      y: {
        label: "V2/J",
        type: "symlog",
        constant: 1,
        ...ticksOf(!vertical, [0, 0.5, 1, 2, 5, 10, 20], most),
      },
      color: {
        type: "diverging",
        domain: [-1, 1],
        label: "influence: harmful (−) to helpful (+), signed root",
      },
      marks: [
        ...grounds.map((fill, phase) =>
          Plot.rect(
            cells.filter((cell) => cell.phase === phase),
            { x1: "x1", x2: "x2", y1: "y1", y2: "y2", fill, shapeRendering: "crispEdges" },
          ),
        ),
        Plot.text(names, { x: "x", y: "y", text: "name", fontWeight: 600, fontSize: 14, fill: faintInk }),
        Plot.line(cutLine, { x: "x", y: "y", stroke: ink, strokeWidth: 1.6 }),
        ...laneMarks,
      ],
    },
  };
}

interface Place {
  a: number;
  b: number;
}

/** The place farthest from all obstacles and from the frame, on the axes as they are drawn. */
function roomiest(places: readonly Place[], obstacles: readonly Place[], ends: [number, number]) {
  const drawn = ({ a, b }: Place) => [
    Math.log1p(a) / Math.log1p(ends[0]),
    Math.log1p(b) / Math.log1p(ends[1]),
  ];
  const walls = obstacles.map(drawn);
  const room = (place: Place) => {
    const [x, y] = drawn(place) as [number, number];
    const frame = Math.min(x, 1 - x, y, 1 - y);
    return walls.reduce((least, [u, v]) => Math.min(least, Math.hypot(x - u!, y - v!)), frame);
  };
  return places.reduce<Place | undefined>(
    (best, one) => (best && room(best) >= room(one) ? best : one),
    undefined,
  );
}

/** The stretch of each grid value up to the middle of its neighbours. */
function cellEdges(values: readonly number[]): (readonly [number, number])[] {
  return values.map((value, i) => [
    i === 0 ? value : (values[i - 1]! + value) / 2,
    i === values.length - 1 ? value : (value + values[i + 1]!) / 2,
  ]);
}
