/** Where things stand in a scenario file, for refusals that say it. */
import { isMap, isScalar, LineCounter, parseDocument, type Document, type Node } from "yaml";
import type { Path } from "./scenario-rules";

/** What to do about a file that is refused. */
export const MEND = "Nothing was started. Mend the file and run it again.";

export class Source {
  private readonly lines = new LineCounter();
  readonly document: Document.Parsed;

  constructor(readonly name: string, readonly text: string) {
    this.document = parseDocument(text, { lineCounter: this.lines, prettyErrors: false, uniqueKeys: true });
  }

  place(offset: number): string {
    const { line, col } = this.lines.linePos(offset);
    return `${this.name}:${Math.max(1, line)}:${Math.max(1, col)}`;
  }

  /** The offset of a field, or of the nearest thing that encloses it. */
  find(path: Path, key?: string): number {
    for (let depth = path.length; depth >= 0; depth--) {
      const parent: unknown = depth === 0 && path.length === 0 ? this.document.contents : this.document.getIn(path.slice(0, depth), true);
      if (key !== undefined && depth === path.length && isMap(parent)) {
        const found = parent.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
        if (found !== undefined && isScalar(found.key)) return found.key.range?.[0] ?? 0;
      }
      const range = (parent as Node | undefined)?.range;
      if (range) return range[0];
    }
    return 0;
  }
}

/** `faults[0].at.percent`. */
export const shownPath = (path: Path): string => path.map((part, index) => (typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${part}`)).join("");
