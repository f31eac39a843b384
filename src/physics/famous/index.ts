export { type DrawnLaw, drawLaw, drawnLaws } from "./drawn.ts";
export { bodePlanets, keplerPlanets } from "./measured.ts";
