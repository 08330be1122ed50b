/**
 * Reading a resource's arguments so that none is overlooked: what a resource type does not read is an error that names
 * it. A block may be given as an object or as a list of objects, as in Terraform's JSON syntax.
 * https://developer.hashicorp.com/terraform/language/syntax/json#nested-block-mapping
 */
export class Arguments {
  readonly #unread: Set<string>;
  readonly #children: Arguments[] = [];

  /**
   * @param values evaluated; members that are null count as absent
   * @param path of these arguments within the resource: "" or `rule[0].`
   * @param problem makes the error for what is wrong, with the resource's address and file
   */
  constructor(readonly values: Readonly<Record<string, unknown>>, readonly path: string, readonly problem: (message: string) => Error, readonly defaultTags: Readonly<Record<string, string>> = {}) {
    this.#unread = new Set(Object.keys(values).filter((name) => name !== "//" && values[name] !== null && values[name] !== undefined));
  }

  /** Any value, as it is. */
  value(name: string): unknown {
    this.#unread.delete(name);
    return this.values[name] ?? undefined;
  }

  optionalText(name: string): string | undefined {
    const value = this.value(name);
    if (value === undefined || typeof value === "string") return value;
    if (typeof value === "number" || typeof value === "boolean") return String(value);
    throw this.#wrong(name, "text", value);
  }

  text(name: string): string {
    return this.#present(name, this.optionalText(name));
  }

  optionalNumber(name: string): number | undefined {
    const value = this.value(name);
    if (value === undefined || typeof value === "number") return value;
    if (typeof value === "string" && value !== "" && Number.isFinite(Number(value))) return Number(value);
    throw this.#wrong(name, "a number", value);
  }

  number(name: string): number {
    return this.#present(name, this.optionalNumber(name));
  }

  optionalFlag(name: string): boolean | undefined {
    const value = this.value(name);
    if (value === undefined || typeof value === "boolean") return value;
    if (value === "true" || value === "false") return value === "true";
    throw this.#wrong(name, "true or false", value);
  }

  /** A list of text; absent: empty. */
  texts(name: string): string[] {
    const value = this.value(name);
    if (value === undefined) return [];
    if (!Array.isArray(value)) throw this.#wrong(name, "a list", value);
    return value.map(String);
  }

  /** A map of text; absent: undefined. */
  optionalMap(name: string): Record<string, string> | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (typeof value !== "object" || Array.isArray(value)) throw this.#wrong(name, "a map", value);
    return Object.fromEntries(Object.entries(value as object).map(([key, member]) => [key, String(member)]));
  }

  /** The provider's default tags and the resource's own over them. */
  tags(): Record<string, string> {
    return { ...this.defaultTags, ...this.optionalMap("tags") };
  }

  /** Tags as `[{Key, Value}]`, undefined when there are none. */
  tagList(): { Key: string; Value: string }[] | undefined {
    const entries = Object.entries(this.tags());
    return entries.length === 0 ? undefined : entries.map(([Key, Value]) => ({ Key, Value }));
  }

  /** The blocks of that name, none when absent. */
  blocks(name: string): Arguments[] {
    const value = this.value(name);
    if (value === undefined) return [];
    const list = Array.isArray(value) ? value : [value];
    return list.map((member, index) => {
      if (typeof member !== "object" || member === null || Array.isArray(member)) throw this.#wrong(name, "a block", member);
      const child = new Arguments(member as Record<string, unknown>, `${this.path}${name}${list.length > 1 ? `[${index}]` : ""}.`, this.problem, this.defaultTags);
      this.#children.push(child);
      return child;
    });
  }

  /** The block of that name, of which there is at most one. */
  optionalBlock(name: string): Arguments | undefined {
    const blocks = this.blocks(name);
    if (blocks.length > 1) throw this.problem(`there is more than one ${this.path}${name}`);
    return blocks[0];
  }

  block(name: string): Arguments {
    return this.#present(name, this.optionalBlock(name));
  }

  /** Arguments that change nothing that this region models; `why` is for whoever reads the table. */
  noEffect(_why: string, ...names: string[]): void {
    for (const name of names) this.#unread.delete(name);
  }

  /** An argument that may only have this value here. */
  only(name: string, allowed: unknown): void {
    const value = this.value(name);
    if (value !== undefined && value !== allowed) throw this.problem(`${this.path}${name} can only be ${JSON.stringify(allowed)} in the embedded region, and is ${JSON.stringify(value)}`);
  }

  /** @throws what `problem` makes, naming every argument that nobody read */
  refuseUnread(): void {
    const unread = this.unread();
    if (unread.length > 0) throw this.problem(`the embedded region does not know the argument${unread.length > 1 ? "s" : ""} ${unread.join(", ")}`);
  }

  unread(): string[] {
    return [...[...this.#unread].map((name) => `${this.path}${name}`), ...this.#children.flatMap((child) => child.unread())];
  }

  #present<T>(name: string, value: T | undefined): T {
    if (value === undefined) throw this.problem(`the argument ${this.path}${name} is missing`);
    return value;
  }

  #wrong(name: string, wanted: string, value: unknown): Error {
    return this.problem(`the argument ${this.path}${name} must be ${wanted}, and is ${JSON.stringify(value)}`);
  }
}
