import type { ClaimWithCard } from "../../claims/report-claims.ts";
import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import { numbers } from "../../data/table.ts";
import { componentClaim } from "../../lenses/embedding/component-claim.ts";
import { helixClaim, type TablePair } from "../../lenses/embedding/helix-claim.ts";
import { embeddingLens } from "../../lenses/embedding/lens.ts";
import { orderingStructure, parityStructure } from "../../lenses/embedding/structures.ts";
import { nucleiOf, nuclideKey } from "../../physics/nuclear/nuclides.ts";
import { mean } from "../../stats/describe.ts";
import { bindingRows } from "./baselines.ts";
import { claimStatistics, middleOf, windows } from "./claim-statistics.ts";
import type { NuclearData } from "./data.ts";
import type { AuditInput } from "./report-features.ts";
import { studyEvidence } from "./study-evidence.ts";
import { embeddingRows, perturbationProbe } from "./subject.ts";

/** Helices of N and Z, order and parity of N as claims, each of the network with the median statistic. */
export async function embeddingClaims(
  { data, model, networks, evaluation, predictor, study }: AuditInput,
  { task, random, lens }: { task: Task; random: Random; lens: Random },
): Promise<ClaimWithCard[]> {
  const judged = Int32Array.from([...evaluation.training, ...evaluation.validation]).sort();
  const pairs = networks.map(({ parameters }): TablePair => {
    const table = (name: "Z" | "N", trained: boolean[]) => ({
      name,
      tokens: trained.map((_, token) => token),
      rows: embeddingRows(model, parameters, name),
      trained,
    });
    return { Z: table("Z", data.trainedZ), N: table("N", data.trainedN) };
  });
  const about = (id: keyof typeof claimStatistics, chosenByHelix: boolean) => {
    const { table, of } = claimStatistics[id];
    const shown = middleOf(pairs.map((pair) => of(pair[table])));
    return {
      ...{ networks: pairs, shown, rounds: study.nulls },
      probe: perturbationProbe({ data, model, network: networks[shown]!, predictor, judged }),
      study: studyEvidence(data, study, { shown, chosenByHelix }),
    };
  };
  const claims: ClaimWithCard[] = [];
  for (const [k, name] of (["N", "Z"] as const).entries()) {
    const common = about(`helix.${name}`, true);
    claims.push(
      await helixClaim(
        {
          ...common,
          name,
          window: windows[name],
          smoothLength: embeddingLens.params.smoothLength.default,
          nulls: lens.fork("embedding", common.shown).fork(name),
        },
        { task: task.part(k / 4, (k + 1) / 4, `claim helix.${name}`), random: random.fork("helix", name) },
      ),
    );
  }
  const structures = [
    parityStructure("N", {
      name: "mean three-point staggering of the training masses, B(N) less the mean of its neighbours",
      values: (tokens) => staggering(data, tokens),
    }),
    orderingStructure("N", {
      name: "mean binding energy of the training nuclei with that N",
      values: (tokens) => meanBinding(data, tokens),
    }),
  ];
  for (const [k, structure] of structures.entries()) {
    claims.push(
      await componentClaim(
        { ...about(`${structure.name}.N`, false), table: "N", structure },
        { task: task.part((2 + k) / 4, (3 + k) / 4, `claim ${structure.name}.N`), random },
      ),
    );
  }
  return claims;
}

/** Mean binding energy in keV of the training nuclei of each N; the mean over all of them where there is none. */
function meanBinding(data: NuclearData, tokens: readonly number[]): number[] {
  const { n } = nucleiOf(data.chart);
  const binding = numbers(data.chart, "binding").values;
  const rows = Array.from(bindingRows(data, data.split.train));
  return byToken(
    tokens,
    rows.map((row) => ({ token: n[row]!, value: binding[row]! })),
  );
}

/** Mean of B(Z, N) − ½[B(Z, N−1) + B(Z, N+1)] in keV over the Z for which all three train. */
function staggering(data: NuclearData, tokens: readonly number[]): number[] {
  const { z, n } = nucleiOf(data.chart);
  const binding = numbers(data.chart, "binding").values;
  const rows = Array.from(bindingRows(data, data.split.train));
  const known = new Map(rows.map((row) => [nuclideKey(z[row]!, n[row]!), binding[row]!]));
  const found = rows.flatMap((row) => {
    const [below, above] = [-1, 1].map((step) => known.get(nuclideKey(z[row]!, n[row]! + step)));
    return below === undefined || above === undefined
      ? []
      : [{ token: n[row]!, value: binding[row]! - (below + above) / 2 }];
  });
  return byToken(tokens, found);
}

function byToken(tokens: readonly number[], found: readonly { token: number; value: number }[]): number[] {
  const groups = Map.groupBy(found, ({ token }) => token);
  const overall = found.length > 0 ? mean(found.map(({ value }) => value)) : 0;
  return tokens.map((token) => {
    const group = groups.get(token);
    return group ? mean(group.map(({ value }) => value)) : overall;
  });
}
