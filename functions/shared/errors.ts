/** Errors of the AWS SDK, told apart by their names. */

export function isOneOf(error: unknown, names: readonly string[]): boolean {
  return error instanceof Error && names.includes(error.name);
}
