/**
 * Why a definition is refused: AWS's codes and wording, each with its place in the definition.
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinitionDiagnostic.html
 */
export interface Diagnostic {
  severity: "ERROR" | "WARNING";
  code: string;
  message: string;
  /** A pointer into the definition (`/States/Launch/Next`), or into its text; undefined for what has no place. */
  location?: string;
}

/** A definition that AWS would refuse. */
export class DefinitionError extends Error {
  override name = "DefinitionError";
  constructor(readonly diagnostics: readonly Diagnostic[]) {
    super(`Invalid State Machine Definition: '${describe(diagnostics)}'`);
  }
}

const describe = (diagnostics: readonly Diagnostic[]): string =>
  diagnostics.filter(({ severity }) => severity === "ERROR")
    .map(({ code, message, location }) => `${code}: ${message} at ${location ?? "null"}`)
    .join(", ");

/** Collects what is wrong with a definition while it is read. */
export class Problems {
  readonly found: Diagnostic[] = [];

  schema(location: string, message: string): void {
    this.add("SCHEMA_VALIDATION_FAILED", message, location);
  }

  add(code: string, message: string, location?: string): void {
    this.found.push({ severity: "ERROR", code, message, ...(location === undefined ? {} : { location }) });
  }

  warn(code: string, message: string, location: string): void {
    this.found.push({ severity: "WARNING", code, message, location });
  }

  get hasErrors(): boolean {
    return this.found.some(({ severity }) => severity === "ERROR");
  }
}
