/**
 * Makes Python source smaller without changing what it does: comments go, and each string that is a statement (a
 * docstring) becomes "". Every line keeps its number, so that a traceback from an instance points into the repository's
 * file; the empty lines cost next to nothing once compressed.
 *
 * Lexical structure: https://docs.python.org/3.9/reference/lexical_analysis.html
 */

/** A string literal from here on: its prefix, and its quotes. */
const STRING_START = /[A-Za-z]{0,2}("""|'''|"|')/y;

/** @returns the source without comments and docstrings; what cannot be told apart safely stays as it is. */
export function stripPython(source: string): string {
  let out = "";
  let position = 0;
  let depth = 0;
  /** Whether only white space stands before this point in its logical line. */
  let atStart = true;
  while (position < source.length) {
    const character = source[position]!;
    const string = stringAt(source, position);
    if (string !== undefined) {
      const text = source.slice(position, string.end);
      const docstring = atStart && depth === 0 && string.prefix === "" && endsStatement(source, string.end);
      out += docstring ? `""${"\n".repeat(text.split("\n").length - 1)}` : text;
      position = string.end;
      atStart = false;
    } else if (character === "#") {
      const end = source.indexOf("\n", position);
      out = out.replace(/[ \t]+$/, "");
      position = end < 0 ? source.length : end;
    } else if (/[A-Za-z_]/.test(character)) {
      const [word] = /^\w+/.exec(source.slice(position, position + 200)) ?? [character];
      out += word;
      position += word.length;
      atStart = false;
    } else {
      if (character === "\n") {
        out = out.replace(/[ \t]+$/, "");
        if (depth === 0) atStart = true;
      } else if (character === "\\" && source[position + 1] === "\n") {
        // A continued line: what follows is not the beginning of a statement.
        out += "\\\n";
        position += 2;
        continue;
      } else if (!/\s/.test(character)) {
        atStart = false;
        if ("([{".includes(character)) depth += 1;
        if (")]}".includes(character)) depth -= 1;
      }
      out += character;
      position += 1;
    }
  }
  return out;
}

/** Where the string literal that begins here ends (past its quotes), and its prefix; undefined when none begins here. */
function stringAt(source: string, position: number): { end: number; prefix: string } | undefined {
  STRING_START.lastIndex = position;
  const match = STRING_START.exec(source);
  if (match === null) return undefined;
  const quotes = match[1]!;
  const prefix = match[0].slice(0, -quotes.length);
  let end = position + match[0].length;
  while (end < source.length && !source.startsWith(quotes, end)) end += source[end] === "\\" ? 2 : 1;
  return { end: Math.min(end + quotes.length, source.length), prefix };
}

/** Whether nothing but white space or a comment stands between here and the line's end. */
function endsStatement(source: string, position: number): boolean {
  const end = source.indexOf("\n", position);
  return /^\s*(#.*)?$/.test(source.slice(position, end < 0 ? source.length : end));
}
