/** Reads a query's tokens, one after the other. */
import type { AwsError } from "../../../core/types";
import { tokensOf, type Token } from "./lexer";
import { malformed } from "./malformed";

export class Reader {
  private readonly tokens: readonly Token[];
  private next = 0;

  /** @throws AwsError MalformedQueryException, as all below */
  constructor(readonly query: string) {
    this.tokens = tokensOf(query);
  }

  /** The index of the next token, for `wrong`. */
  get at(): number {
    return this.next;
  }

  /** Where in the query the next token stands. */
  get offset(): number {
    return this.tokens[this.next]!.start;
  }

  get ended(): boolean {
    return this.tokens[this.next]!.kind === "end";
  }

  /** The text of the next token. */
  peek(): string {
    return this.tokens[this.next]!.value;
  }

  lastWord(): string {
    return this.tokens[this.next - 1]!.value.toLowerCase();
  }

  /** Takes a keyword, if it comes next. */
  word(...words: string[]): string | undefined {
    const { kind, value } = this.tokens[this.next]!;
    if (kind !== "name" || !words.includes(value.toLowerCase())) return undefined;
    this.next++;
    return value.toLowerCase();
  }

  /** Takes two keywords, if both come next. */
  words(first: string, second: string): boolean {
    const following = this.tokens[this.next + 1];
    if (following?.kind !== "name" || following.value.toLowerCase() !== second || this.word(first) === undefined) return false;
    this.next++;
    return true;
  }

  /** Takes one of these symbols, if it comes next. */
  symbol(...symbols: string[]): string | undefined {
    const { kind, value } = this.tokens[this.next]!;
    if (kind !== "symbol" || !symbols.includes(value)) return undefined;
    this.next++;
    return value;
  }

  expect(symbol: string): void {
    if (this.symbol(symbol) === undefined) throw this.unexpected();
  }

  /** Takes the next token, which must be of one of these kinds. */
  take(...kinds: Token["kind"][]): Token {
    const token = this.tokens[this.next]!;
    if (!kinds.includes(token.kind)) throw this.unexpected();
    this.next++;
    return token;
  }

  /** The query's text between a token and the next one to be read: how a column is called that has no other name. */
  textSince(first: number): string {
    return this.query.slice(this.tokens[first]!.start, this.tokens[this.next - 1]!.end).replaceAll(/\s+/g, " ");
  }

  unexpected(): AwsError {
    const token = this.tokens[this.next]!;
    return this.wrong(token.kind === "end" ? "unexpected end of the query" : `unexpected symbol found ${this.query.slice(token.start, token.end)}`);
  }

  wrong(problem: string, index = this.next): AwsError {
    const { start, end } = this.tokens[index]!;
    return malformed(this.query, start, end, problem);
  }
}
