import type { Random } from "../../../core/random.ts";
import type { Best, Member } from "./island.ts";
import type { IslandResult, SearchSetting } from "./job.ts";
import type { Progress } from "./state.ts";

/**
 * Between two rounds: the best of each view by complexity is kept, and every island takes in a few members of the
 * other islands of its view and of that archive, in place of its oldest.
 */
export function migrate(
  progress: Progress,
  results: readonly IslandResult[],
  setting: SearchSetting,
  rng: Random,
): void {
  results.forEach(({ best }, k) => {
    const archive = progress.archives[progress.viewOf[k]!]!;
    for (const one of best) {
      const held = archive[one.complexity];
      if (held === undefined || one.loss < held.loss) archive[one.complexity] = one;
    }
  });
  const few = Math.max(1, Math.round(0.04 * setting.population));
  const old = progress.islands.map(({ members }) => [...members]);
  progress.islands.forEach((island, k) => {
    const view = progress.viewOf[k]!;
    const neighbours = old.filter((_, j) => j !== k && progress.viewOf[j] === view);
    const archive = progress.archives[view]!.filter((b): b is Best => b != null);
    const arrivals: Member[] = [];
    for (let i = 0; i < few; i++) {
      const from = neighbours[rng.int(Math.max(1, neighbours.length))];
      if (from !== undefined && from.length > 0) {
        const top = [...from].sort((a, b) => a.loss - b.loss).slice(0, 12);
        arrivals.push(top[rng.int(top.length)]!);
      }
      if (archive.length > 0) {
        const { parts, complexity, loss } = archive[rng.int(archive.length)]!;
        arrivals.push({ parts, complexity, loss });
      }
    }
    island.members.push(...arrivals.map((m) => structuredClone(m)));
    island.members.splice(0, Math.max(0, island.members.length - setting.population));
  });
}
