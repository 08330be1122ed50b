/** Reading a path or an intrinsic function from its text, character by character. */
import { SyntaxProblem } from "../errors";

export class Cursor {
  position = 0;
  private depth = 0;
  constructor(readonly text: string) {}

  peek(): string {
    return this.text.charAt(this.position);
  }

  peekAfterSpace(): string {
    return this.text.slice(this.position).trimStart().charAt(0);
  }

  startsWith(expected: string): boolean {
    return this.text.startsWith(expected, this.position);
  }

  /** Goes past that text if it comes next. */
  take(expected: string): boolean {
    if (!this.startsWith(expected)) return false;
    this.position += expected.length;
    return true;
  }

  expect(expected: string): void {
    if (!this.take(expected)) throw this.problem(`'${expected}'`);
  }

  expectEnd(): void {
    if (this.position < this.text.length) throw this.problem("the end");
  }

  skipSpace(): void {
    while (/\s/.test(this.peek())) this.position += 1;
  }

  /** Reads what a sticky pattern matches here. */
  match(pattern: RegExp, what = pattern.source): string {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined || found === "") throw this.problem(what);
    this.position += found.length;
    return found;
  }

  /** A string in single or double quotes; a backslash stands for itself, but before the quote or another backslash. */
  quoted(): string {
    const quote = this.peek();
    if (quote !== "'" && quote !== "\"") throw this.problem("a quoted string");
    this.position += 1;
    let value = "";
    for (;;) {
      const character = this.peek();
      if (character === "") throw this.problem(`a closing ${quote}`);
      this.position += 1;
      if (character === quote) return value;
      if (character === "\\" && (this.peek() === quote || this.peek() === "\\")) {
        value += this.peek();
        this.position += 1;
      } else {
        value += character;
      }
    }
  }

  optionalInteger(): number | undefined {
    this.skipSpace();
    const pattern = /-?\d+/y;
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined) return undefined;
    this.position += found.length;
    this.skipSpace();
    return Number(found);
  }

  /** Items with commas between them. */
  list<T>(item: () => T): T[] {
    const items: T[] = [];
    do {
      this.skipSpace();
      items.push(item());
      this.skipSpace();
    } while (this.take(","));
    return items;
  }

  /** Reads what may contain its like again, down to that many levels. Throws SyntaxProblem below them. */
  nested<T>(maximumDepth: number, read: () => T): T {
    if (this.depth >= maximumDepth) throw new SyntaxProblem(`More than ${maximumDepth} levels at position ${this.position} of ${this.text}`);
    this.depth += 1;
    const value = read();
    this.depth -= 1;
    return value;
  }

  problem(expected: string): SyntaxProblem {
    return new SyntaxProblem(`Expected ${expected} at position ${this.position} of ${this.text}`);
  }

  fail(expected: string): never {
    throw this.problem(expected);
  }
}
