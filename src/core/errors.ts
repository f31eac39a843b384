/**
 * An error whose message is meant for the person who caused it: it names the function, file or field, says what
 * was found, what was expected and what to do next. Commands print it without a stack and exit with `exitCode`.
 */
export class UserError extends Error {
  override readonly name = "UserError";
  /** 1: the work failed. 2: the command or an option was wrong. 130: interrupted with a checkpoint. */
  readonly exitCode: 1 | 2 | 130;

  constructor(message: string, options: { exitCode?: 1 | 2 | 130; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.exitCode = options.exitCode ?? 1;
  }
}

/** A wrong command, option or option value: exit status 2. */
export function usageError(message: string): UserError {
  return new UserError(message, { exitCode: 2 });
}

/** Throws `UserError(message())` unless `condition` holds. */
export function demand(condition: unknown, message: () => string): asserts condition {
  if (!condition) throw new UserError(message());
}
