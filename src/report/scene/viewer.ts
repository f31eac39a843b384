import { sceneMarkup } from "./markup.ts";
import type { SceneModel, View } from "./model.ts";

/**
 * Makes the scenes of a page turnable: drag with mouse or finger, arrow keys when focused, Home for the first view;
 * the label of the point under the pointer is shown. Like {@link sceneMarkup} it is printed into the page and uses
 * nothing from outside its body.
 */
function startScenes(page: Document, draw: typeof sceneMarkup): void {
  for (const store of page.querySelectorAll<HTMLScriptElement>("script[data-scene]")) {
    const { scene, view: first } = JSON.parse(store.textContent ?? "") as { scene: SceneModel; view: View };
    const svg = page.getElementById(`scene-${store.dataset["scene"]}`);
    const stage = svg?.querySelector("[data-stage]");
    if (!svg || !stage) continue;
    const view = { ...first };
    let held: { x: number; y: number } | undefined;
    const tip = page.createElementNS("http://www.w3.org/2000/svg", "text");
    for (const [name, value] of Object.entries({
      "font-weight": "600",
      stroke: "#ffffff",
      "stroke-width": "4",
      "paint-order": "stroke",
      "pointer-events": "none",
    })) {
      tip.setAttribute(name, value);
    }
    const redraw = () => {
      view.tilt = Math.max(-85, Math.min(85, view.tilt));
      stage.innerHTML = draw(scene, view);
      tip.textContent = "";
      stage.append(tip);
    };
    svg.setAttribute("tabindex", "0");
    svg.style.cursor = "grab";
    svg.style.userSelect = "none";
    svg.style.touchAction = "pan-y";
    svg.addEventListener("pointerdown", (event) => {
      held = { x: event.clientX, y: event.clientY };
      svg.setPointerCapture(event.pointerId);
      svg.style.cursor = "grabbing";
    });
    const release = () => {
      held = undefined;
      svg.style.cursor = "grab";
    };
    svg.addEventListener("pointerup", release);
    svg.addEventListener("pointercancel", release);
    svg.addEventListener("pointermove", (event) => {
      if (held) {
        view.turn += (event.clientX - held.x) * 0.5;
        view.tilt += (event.clientY - held.y) * 0.5;
        held = { x: event.clientX, y: event.clientY };
        redraw();
        return;
      }
      const over = (event.target as Element).getAttribute("data-i");
      const point = over === null ? undefined : scene.points[Number(over)];
      tip.textContent = point?.label ?? "";
      if (point) {
        const circle = event.target as Element;
        tip.setAttribute("x", String(Number(circle.getAttribute("cx")) + 8));
        tip.setAttribute("y", String(Number(circle.getAttribute("cy")) + 4));
      }
    });
    svg.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: [-5, 0], ArrowRight: [5, 0], ArrowUp: [0, -5], ArrowDown: [0, 5] }[event.key];
      if (event.key === "Home") Object.assign(view, first);
      else if (step) {
        view.turn += step[0]!;
        view.tilt += step[1]!;
      } else return;
      event.preventDefault();
      redraw();
    });
    redraw();
  }
}

/** The script that makes every scene of the page turnable; the page's only code. It loads nothing. */
export function viewerScript(): string {
  return `(${compact(startScenes)})(document,${compact(sceneMarkup)});`;
}

function compact(source: (...parameters: never[]) => unknown): string {
  return source
    .toString()
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join("\n");
}
