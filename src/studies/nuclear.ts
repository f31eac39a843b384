import { assembleReportClaims } from "../claims/report-claims.ts";
import { rerunCitation } from "../lenses/citations.ts";
import { featuresLens } from "../lenses/features/lens.ts";
import { tokenPredictor } from "../models/token-predictor.ts";
import { tokenRegressor } from "../models/token-regressor.ts";
import { massFormulas } from "../physics/nuclear/liquid-drop.ts";
import type { Study, StudyContext, StudyResult } from "./contract.ts";
import { auditSections } from "./nuclear/audit.ts";
import { fitBaselines } from "./nuclear/baselines.ts";
import { citations, gaussianProcessCitation } from "./nuclear/citations.ts";
import { parseFractions, parseWeightDecays } from "./nuclear/comparison.ts";
import { controlJobs } from "./nuclear/controls.ts";
import { fixedNeutrons, nuclearData } from "./nuclear/data.ts";
import { estimate, trainingSeconds } from "./nuclear/estimate.ts";
import { evaluateNetworks } from "./nuclear/evaluate.ts";
import { exportNetworks } from "./nuclear/exports.ts";
import { insideSections, insideSummary } from "./nuclear/inside.ts";
import { networkJobs, trainNetworks } from "./nuclear/networks.ts";
import { type NuclearOptions, params, presets } from "./nuclear/params.ts";
import { dataSection } from "./nuclear/report-data.ts";
import { embeddingSection } from "./nuclear/report-embeddings.ts";
import { modelSection } from "./nuclear/report-model.ts";
import { predictionSection } from "./nuclear/report-predictions.ts";
import { theorySection } from "./nuclear/report-theory.ts";
import { startReruns, withReruns } from "./nuclear/reruns.ts";
import { restrictions } from "./nuclear/restricted.ts";
import { symbolicSection } from "./nuclear/symbolic-section.ts";

/** Nuclear masses: trains small networks on binding energies and looks at what their embeddings hold. */
export const nuclearStudy: Study<typeof params> = {
  name: "nuclear",
  question: "What physics does a small network find in nuclear masses, and does it beat the liquid drop?",
  params,
  presets,
  estimate,
  run,
};

async function run(options: NuclearOptions, context: StudyContext): Promise<StudyResult> {
  const { task, random } = context;
  const data = await nuclearData(options, random);
  const fixedN = fixedNeutrons(options.fixedN, data);
  parseFractions(options.fractions);
  parseWeightDecays(options.weightDecays);
  const baselines = fitBaselines(data);
  const controls = controlJobs(data, options, random);
  const held = restrictions(data, options, random);
  const jobs = [...networkJobs(data, options, random), ...[...controls, ...held].map(({ job }) => job)];
  const trained = await trainNetworks(jobs, { ...context, task: task.part(0, 0.28, "training") });
  const networks = trained.slice(0, options.seeds);
  const model = tokenRegressor(networks[0]!.config);
  const predictor = tokenPredictor(model, {
    dtype: options.dtype,
    device: options.device,
    threads: options.operationThreads,
  });
  const rerunRandom = random.fork("inside", "reruns");
  const reruns = startReruns(data, options, { ...context, random: rerunRandom, seconds: trainingSeconds });
  try {
    const evaluation = await evaluateNetworks(data, networks, predictor);
    const theory = theorySection(data, baselines);
    const learned = modelSection({ data, model, networks, evaluation, baselines });
    const references = baselines.map(({ name }) => ({
      label: `${massFormulas[name].title}, held out`,
      value: theory.metrics[`baseline.${name}.rms_keV`]!,
    }));
    const embeddings = await embeddingSection({
      data,
      model,
      networks,
      evaluation,
      predictor,
      study: options,
      fixedN,
      references,
      task: task.part(0.28, 0.36, "embeddings"),
      random: random.fork("lenses"),
    });
    const others = trained.slice(options.seeds);
    const inside = await insideSections(
      {
        ...{ data, model, networks, evaluation, predictor, study: options, references, embeddings },
        controls: controls.map((control, k) => ({ ...control, network: others[k]! })),
        restricted: held.map((one, k) => ({ ...one, network: others[controls.length + k]! })),
        lens: random.fork("lenses"),
      },
      { task: task.part(0.36, 0.46, "inside the networks"), random: random.fork("inside") },
    );
    const sections = [
      dataSection(data, options),
      theory,
      learned,
      predictionSection(data, evaluation, baselines),
      embeddings,
      ...inside.sections,
    ];
    sections.push(
      ...(await auditSections(data, evaluation, options, {
        ...context,
        task: task.part(0.46, options.reruns > 0 ? 0.75 : 1, "audit"),
        random: random.fork("audit"),
      })),
    );
    if (options.symbolic > 0) {
      sections.push(
        await symbolicSection(
          { data, model, networks, evaluation, predictor, references },
          {
            evaluations: options.symbolic,
            threads: context.threads,
            task: task.part(0.75, options.reruns > 0 ? 0.76 : 1, "a formula out of the network"),
            random: random.fork("symbolic"),
          },
        ),
      );
    }
    const rows = Int32Array.from([...evaluation.training, ...evaluation.validation]).sort();
    const claims = assembleReportClaims(
      await withReruns(
        inside.claims,
        data,
        options,
        await reruns.wait(task.part(0.75, 0.98, "reruns on permuted targets")),
        { task: task.part(0.98, 1), random: rerunRandom, seed: context.seed, judged: rows },
      ),
    );
    return {
      asked: `Small networks learn ${data.tasks.map(({ help }) => help).join(", ")} of atomic nuclei from the numbers of protons and neutrons alone, each number a token with a learned vector. How well do they predict nuclei they have not seen, beside formulas fitted to the same nuclei, and how did they arrange the tokens?`,
      summary: [
        ...insideSummary(claims, inside, controls),
        ...sections.flatMap((section) => section.summary.slice(0, 1)),
      ],
      claims,
      sections,
      files: await exportNetworks(data, model, networks, predictor, rows),
      provenance: [...data.source.provenance],
      citations: [
        ...citations,
        ...(options.gaussianProcesses ? [gaussianProcessCitation] : []),
        ...(options.reruns > 0 ? [rerunCitation] : []),
        ...featuresLens.citations,
      ],
    };
  } finally {
    await reruns.stop();
    await predictor.release();
  }
}
