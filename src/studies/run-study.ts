import type { Params } from "../core/params.ts";
import { writeReport } from "../report/write.ts";
import { executeRun, type RunRequest } from "../runs/execute.ts";
import type { FinishedRun } from "../runs/run-folder.ts";
import type { Study } from "./contract.ts";

/**
 * Runs a study into a run folder with its report: what `physlens run` does. See {@link executeRun} for the folder,
 * resuming and the errors.
 */
export function runStudy<P extends Params>(study: Study<P>, request: RunRequest = {}): Promise<FinishedRun> {
  return executeRun(study, request, async (folder, result, config, task) => {
    const { warnings } = await writeReport(folder, result, {
      config: { ...config, title: study.question, params: study.params },
      onFile(file, fraction) {
        task.report(fraction, `writing ${file}`);
        task.check();
      },
    });
    for (const warning of warnings) request.say?.(warning);
  });
}
