/** physlens as a library: a study is run by {@link runStudy}; everything else is what studies are made of. */

export { UserError } from "./core/errors.ts";
export { type Param, type Params, parseParams, type Values } from "./core/params.ts";
export { type Random, random } from "./core/random.ts";
export type { Store } from "./core/store.ts";
export { Cancelled, createTask, type Progress, quietTask, type Task } from "./core/task.ts";
export { mapInWorkers, type WorkerFunction } from "./core/workers.ts";
export { type Column, numberColumn, numbers, type Provenance, type Table, textColumn } from "./data/table.ts";
export * as expressions from "./expressions/index.ts";
export {
  type Citation,
  type Diagnostic,
  emptyFindings,
  type Findings,
  type Formula,
  type Lens,
  type LensContext,
} from "./lenses/contract.ts";
export * as curvature from "./lenses/curvature/index.ts";
export { embeddingLens } from "./lenses/embedding/lens.ts";
export { subjectFromArrays } from "./lenses/embedding/subject.ts";
export type { Figure, PlotFigure, SceneFigure } from "./lenses/figure.ts";
export * as minimaAndSaddles from "./lenses/landscape/index.ts";
export { type LensDescription, lenses } from "./lenses/registry.ts";
export * as relevance from "./lenses/relevance/index.ts";
export * as symbolic from "./lenses/symbolic/index.ts";
export { type Matrix, matrix } from "./linalg/matrix.ts";
export * as classifiers from "./models/classifier/index.ts";
export * as objectives from "./models/objective/index.ts";
export * as potentials from "./models/potentials/index.ts";
export { retrain } from "./models/retrain.ts";
export * as sequentialNets from "./models/sequential/index.ts";
export { trainToMinimum } from "./models/train-to-minimum.ts";
// The engine: trace a function, transform it, compile it, run it. See docs/engine.md.
export { type AdamWOptions, type AdamWState, adamwState, adamwStep, type FlatVector } from "./optim/adamw.ts";
export * as landscapes from "./optim/landscape/index.ts";
export { type AsyncSmooth, lbfgs, lbfgsAsync, type Smooth } from "./optim/lbfgs.ts";
export { type MinimiseOptions, minimise } from "./optim/minimise.ts";
export { newton } from "./optim/newton.ts";
export * as chain from "./physics/chain/index.ts";
export * as classification from "./physics/classification/index.ts";
export * as dynamics from "./physics/dynamics/index.ts";
export * as fluids from "./physics/fluids/index.ts";
export * as oscillators from "./physics/oscillators/index.ts";
export { type DType, type Spec, spec, type TypedArray } from "./program/dtype.ts";
export * as ops from "./program/ops/index.ts";
export type { Operand, Value } from "./program/ops/value.ts";
export { type Layout, layout, type Shapes } from "./program/parameters.ts";
export { type CompileOptions, compile, devices, runOnce, type Session } from "./program/session.ts";
export { site } from "./program/sites.ts";
export { type Port, type Program, type TraceOptions, trace } from "./program/trace.ts";
export * from "./program/transform/index.ts";
export { scatter } from "./report/figures/scatter.ts";
export type { RunRequest } from "./runs/execute.ts";
export { type Executor, threadExecutor } from "./runs/executor.ts";
export { folderStore } from "./runs/folder-store.ts";
export { memoryStore } from "./runs/memory-store.ts";
export { type FinishedRun, readRun } from "./runs/run-folder.ts";
export type { Section, Study, StudyContext, StudyResult } from "./studies/contract.ts";
export { type StudyRegistry, studies } from "./studies/registry.ts";
export { studyResult } from "./studies/result.ts";
export { runStudy } from "./studies/run-study.ts";
export { conversionFactor } from "./units/convert.ts";
export { parseUnit } from "./units/parse-unit.ts";
export { printUnit } from "./units/print-unit.ts";
