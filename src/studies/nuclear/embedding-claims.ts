import type { ClaimWithCard } from "../../claims/report-claims.ts";
import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import { numbers } from "../../data/table.ts";
import { componentClaim } from "../../lenses/embedding/component-claim.ts";
import { helixClaim } from "../../lenses/embedding/helix-claim.ts";
import { embeddingLens } from "../../lenses/embedding/lens.ts";
import { orderingStructure, parityStructure } from "../../lenses/embedding/structures.ts";
import type { TablePair } from "../../lenses/embedding/table-pair.ts";
import { nucleiOf, nuclideKey } from "../../physics/nuclear/nuclides.ts";
import { mean } from "../../stats/describe.ts";
import { bindingRows } from "./baselines.ts";
import { claimStatistics, middleOf, windows } from "./claim-statistics.ts";
import type { NuclearData } from "./data.ts";
import type { AuditInput } from "./report-features.ts";
import { heldOutNetwork } from "./restricted.ts";
import { studyEvidence } from "./study-evidence.ts";
import { perturbationProbe, tokenTable } from "./subject.ts";

/** Helices, order and parity of N and Z as claims, each of the network with the median statistic. */
export async function embeddingClaims(
  { data, model, networks, evaluation, predictor, study, restricted }: AuditInput,
  { task, random, lens }: { task: Task; random: Random; lens: Random },
): Promise<ClaimWithCard[]> {
  const judged = Int32Array.from([...evaluation.training, ...evaluation.validation]).sort();
  const pairs = networks.map(
    ({ parameters }): TablePair => ({
      Z: tokenTable(model, parameters, "Z", data.trainedZ),
      N: tokenTable(model, parameters, "N", data.trainedN),
    }),
  );
  const about = (id: keyof typeof claimStatistics, chosenByHelix: boolean) => {
    const { table, of } = claimStatistics[id];
    const shown = middleOf(pairs.map((pair) => of(pair[table])));
    return {
      ...{ networks: pairs, shown, rounds: study.nulls },
      probe: perturbationProbe({ data, model, network: networks[shown]!, predictor, judged }),
      study: studyEvidence(data, study, { shown, chosenByHelix }),
      without: heldOutNetwork(restricted, table === "N" ? "A" : "Z"),
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
        { task: task.part(k / 6, (k + 1) / 6, `claim helix.${name}`), random: random.fork("helix", name) },
      ),
    );
  }
  const structures = (["N", "Z"] as const).flatMap((table) =>
    [
      parityStructure(table, {
        name: `mean three-point staggering of the training masses, B(${table}) less the mean of its neighbours`,
        values: (tokens) => staggering(data, table, tokens),
      }),
      orderingStructure(table, {
        name: `mean binding energy of the training nuclei with that ${table}`,
        values: (tokens) => meanBinding(data, table, tokens),
      }),
    ].map((structure) => ({ table, structure })),
  );
  for (const [k, { table, structure }] of structures.entries()) {
    const id = `${structure.name}.${table}` as const;
    claims.push(
      await componentClaim(
        { ...about(id, false), table, structure },
        { task: task.part((2 + k) / 6, (3 + k) / 6, `claim ${id}`), random },
      ),
    );
  }
  return claims;
}

/** Mean binding energy in keV of the training nuclei of each Z or N; the mean over all of them where there is none. */
function meanBinding(data: NuclearData, table: "Z" | "N", tokens: readonly number[]): number[] {
  const { z, n } = nucleiOf(data.chart);
  const of = table === "Z" ? z : n;
  const binding = numbers(data.chart, "binding").values;
  const rows = Array.from(bindingRows(data, data.split.train));
  return byToken(
    tokens,
    rows.map((row) => ({ token: of[row]!, value: binding[row]! })),
  );
}

/** Mean of B(Z, N) − ½[B(Z, N−1) + B(Z, N+1)] in keV over the Z for which all three train; for Z likewise. */
function staggering(data: NuclearData, table: "Z" | "N", tokens: readonly number[]): number[] {
  const { z, n } = nucleiOf(data.chart);
  const binding = numbers(data.chart, "binding").values;
  const rows = Array.from(bindingRows(data, data.split.train));
  const known = new Map(rows.map((row) => [nuclideKey(z[row]!, n[row]!), binding[row]!]));
  const found = rows.flatMap((row) => {
    const [below, above] = [-1, 1].map((step) =>
      known.get(nuclideKey(z[row]! + (table === "Z" ? step : 0), n[row]! + (table === "N" ? step : 0))),
    );
    return below === undefined || above === undefined
      ? []
      : [{ token: (table === "Z" ? z : n)[row]!, value: binding[row]! - (below + above) / 2 }];
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
