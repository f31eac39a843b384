import type { SceneModel, View } from "./model.ts";

/**
 * The inside of an SVG that shows `scene` from `view`, by parallel projection: the three far faces with their grid,
 * the three axes along the outline, then lines and points from far to near, and on top the labels that do not collide.
 *
 * The report prints this function's own source into the page, where it redraws the scene as the reader turns it: it
 * must use nothing from outside its body.
 */
export function sceneMarkup(scene: SceneModel, view: View): string {
  type Point = readonly number[];
  const { width, height, axes, points } = scene;
  const turn = (view.turn * Math.PI) / 180;
  const tilt = (view.tilt * Math.PI) / 180;
  const size = 0.57 * Math.min(width, height);
  const round = (value: number) => Math.round(value * 10) / 10 || 0;
  const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
  const project = ([x = 0, y = 0, z = 0]: Point) => {
    const right = Math.cos(turn) * x - Math.sin(turn) * y;
    const away = Math.sin(turn) * x + Math.cos(turn) * y;
    return {
      x: width / 2 + size * right,
      y: height / 2 - 14 - size * (away * Math.sin(tilt) + z * Math.cos(tilt)),
      depth: away * Math.cos(tilt) - z * Math.sin(tilt),
    };
  };
  const line = (a: Point, b: Point, attributes: string) => {
    const from = project(a);
    const to = project(b);
    return `<path d="M${round(from.x)},${round(from.y)}L${round(to.x)},${round(to.y)}" ${attributes}/>`;
  };
  const place = (axis: number, at: number, others: Point) => {
    const point = [...others];
    point.splice(axis, 0, at);
    return point;
  };
  const text = (said: string, x: number, y: number, attributes: string) =>
    `<text x="${round(x)}" y="${round(y)}" ${attributes}>${escaped(said)}</text>`;
  const corners = [
    [-0.5, -0.5],
    [-0.5, 0.5],
    [0.5, -0.5],
    [0.5, 0.5],
  ] as const;
  const out: string[] = [];

  for (let axis = 0; axis < 3; axis++) {
    const far =
      project(place(axis, 0.5, [0, 0])).depth > project(place(axis, -0.5, [0, 0])).depth ? 0.5 : -0.5;
    for (let along = 0; along < 3; along++) {
      if (along === axis) continue;
      const across = 3 - axis - along;
      for (const at of [-0.5, ...axes[along]!.ticks.map((tick) => tick.at), 0.5]) {
        const ends = [-0.5, 0.5].map((end) => {
          const point = [0, 0, 0];
          point[axis] = far;
          point[along] = at;
          point[across] = end;
          return point;
        });
        out.push(line(ends[0]!, ends[1]!, `stroke="#d0d7de" stroke-width="0.8" fill="none"`));
      }
    }
  }

  const centre = project([0, 0, 0]);
  axes.forEach(({ label, ticks }, axis) => {
    const edges = corners.map((others) => ({ others, middle: project(place(axis, 0, others)) }));
    edges.sort((a, b) => (axis === 2 ? a.middle.x - b.middle.x : b.middle.y - a.middle.y));
    const { others, middle } = edges[0]!;
    const long = Math.hypot(middle.x - centre.x, middle.y - centre.y) || 1;
    const push = axis === 2 ? [-1, 0] : [(middle.x - centre.x) / long, (middle.y - centre.y) / long];
    const [outX = 0, outY = 0] = push;
    out.push(line(place(axis, -0.5, others), place(axis, 0.5, others), `stroke="#57606a" fill="none"`));
    const anchor = outX < -0.35 ? "end" : outX > 0.35 ? "start" : "middle";
    const inner = ticks.filter((tick) => Math.abs(tick.at) < 0.48);
    for (const tick of axis < 2 && inner.length > 1 ? inner : ticks) {
      const at = project(place(axis, tick.at, others));
      out.push(
        `<path d="M${round(at.x)},${round(at.y)}l${round(5 * outX)},${round(5 * outY)}" stroke="#57606a" fill="none"/>`,
        text(tick.text, at.x + 10 * outX, at.y + 10 * outY + 4 + 4 * outY, `text-anchor="${anchor}"`),
      );
    }
    const half = axis === 2 ? 10 : 4 * label.length;
    const x = Math.max(half, Math.min(width - half, middle.x + 44 * outX + (axis === 2 ? 0 : half * outX)));
    const y = Math.min(height - 8, middle.y + 50 * outY);
    const turned = axis === 2 ? ` transform="rotate(-90,${round(x)},${round(y)})"` : "";
    out.push(text(label, x, y, `text-anchor="middle" font-weight="600"${turned}`));
  });

  const placed = points.map((point) => project(point.at));
  const drawn = placed.map((at, i) => ({
    depth: at.depth,
    markup:
      `<circle cx="${round(at.x)}" cy="${round(at.y)}" r="${round(4.6 - 1.4 * at.depth)}"` +
      ` fill="${points[i]!.color}" stroke="#ffffff" stroke-width="0.7" data-i="${i}"/>`,
  }));
  for (let i = 1; scene.line && i < points.length; i++) {
    drawn.push({
      depth: Math.max(placed[i - 1]!.depth, placed[i]!.depth) + 1e-6,
      markup: line(points[i - 1]!.at, points[i]!.at, `stroke="#8b949e" stroke-width="1.1" fill="none"`),
    });
  }
  for (const { members, color } of scene.links) {
    const path = members.map((i) => `${round(placed[i]!.x)},${round(placed[i]!.y)}`).join("L");
    const look =
      members.length === 2
        ? `fill="none" stroke="${color}" stroke-width="2.2"`
        : `fill="${color}" fill-opacity="0.28" stroke="${color}" stroke-width="0.9"`;
    drawn.push({
      depth: Math.max(...members.map((i) => placed[i]!.depth)) + 1e-6,
      markup: `<path d="M${path}${members.length === 2 ? "" : "Z"}" ${look} stroke-linejoin="round"/>`,
    });
  }
  drawn.sort((a, b) => b.depth - a.depth);
  for (const { markup } of drawn) out.push(markup);

  const middleX = placed.reduce((sum, at) => sum + at.x, 0) / placed.length;
  const middleY = placed.reduce((sum, at) => sum + at.y, 0) / placed.length;
  const halo = `text-anchor="middle" stroke="#ffffff" stroke-width="2.5" stroke-linejoin="round" paint-order="stroke" pointer-events="none"`;
  const taken: { x: number; y: number; half: number }[] = [];
  for (const i of scene.labelled) {
    const at = placed[i]!;
    const outX = at.x - middleX;
    const outY = at.y - middleY;
    const long = Math.hypot(outX, outY) || 1;
    const x = at.x + (15 * outX) / long;
    const y = at.y + 4 + (13 * outY) / long;
    const half = 4 * points[i]!.label.length;
    if (taken.some((other) => Math.abs(x - other.x) < half + other.half && Math.abs(y - other.y) < 12))
      continue;
    taken.push({ x, y, half });
    out.push(text(points[i]!.label, x, y, halo));
  }
  return out.join("");
}
