import type { Study } from "./contract.ts";

/** Studies by name, each loaded when it is asked for. */
export type StudyRegistry = Readonly<Record<string, () => Promise<Study>>>;

/** The studies that come with physlens. */
export const studies: StudyRegistry = {
  nuclear: async () => (await import("./nuclear.ts")).nuclearStudy,
  phases: async () => (await import("./phases.ts")).phasesStudy,
  fluids: async () => (await import("./fluids.ts")).fluidsStudy,
  landscape: async () => (await import("./landscape.ts")).landscapeStudy,
  curvature: async () => (await import("./curvature.ts")).curvatureStudy,
  "influence-nuclear": async () => (await import("./nuclear-influence.ts")).nuclearInfluenceStudy,
  oscillator: async () => (await import("./oscillator.ts")).oscillatorStudy,
  discover: async () => (await import("./discover.ts")).discoverStudy,
  rediscovery: async () => (await import("./rediscovery.ts")).rediscoveryStudy,
  embedding: async () => (await import("./embedding.ts")).embeddingStudy,
};
