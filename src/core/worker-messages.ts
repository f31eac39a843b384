import { UserError } from "./errors.ts";
import { Cancelled } from "./task.ts";

/** What the starting thread tells a worker. */
export type ToWorker =
  | { kind: "job"; index: number; input: unknown }
  | { kind: "cancel" }
  | { kind: "close" };

/** What a worker answers. */
export type FromWorker =
  | { kind: "progress"; index: number; fraction: number; message: string }
  | { kind: "done"; index: number; value: unknown }
  | { kind: "failed"; index: number; error: PackedError };

/** What a worker is started with. `cancelled[0]` is 1 once it should stop: shared, so that a busy loop sees it. */
export interface WorkerSetup {
  module: string;
  fn: string;
  cancelled: Int32Array;
}

/** An error as it crosses threads, where classes are lost. */
export type PackedError =
  | { kind: "user"; message: string; exitCode: 1 | 2 | 130; stack?: string }
  | { kind: "cancelled"; message: string }
  | { kind: "other"; name: string; message: string; stack?: string };

/** An error of a worker, made ready to cross to the thread that started it. */
export function packError(error: unknown): PackedError {
  if (error instanceof Cancelled) return { kind: "cancelled", message: error.message };
  if (!(error instanceof Error)) return { kind: "other", name: "Error", message: String(error) };
  const stack = error.stack === undefined ? {} : { stack: error.stack };
  if (error instanceof UserError) {
    return { kind: "user", message: error.message, exitCode: error.exitCode, ...stack };
  }
  return { kind: "other", name: error.name, message: error.message, ...stack };
}

/** The error that {@link packError} packed: a UserError and a Cancelled are what they were. */
export function unpackError(packed: PackedError): Error {
  if (packed.kind === "cancelled") return new Cancelled(packed.message);
  const error =
    packed.kind === "user"
      ? new UserError(packed.message, { exitCode: packed.exitCode })
      : Object.assign(new Error(packed.message), { name: packed.name });
  if (packed.stack !== undefined) error.stack = packed.stack;
  return error;
}
