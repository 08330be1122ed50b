/** Errors that are the user's to mend, each with where it is and what to do next. The command line exits 2 on them. */
export class UsageError extends Error {
  override name = "UsageError";
  constructor(
    message: string,
    /** What to do next: one line. */
    readonly hint?: string,
  ) {
    super(message);
  }
}

/** Somebody ended what was going on, from outside. */
export class Interrupted extends Error {
  override name = "Interrupted";
}
