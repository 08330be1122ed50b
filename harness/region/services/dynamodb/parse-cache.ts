/**
 * Remembers parsed expressions. dynalite's parsers take time that grows steeply with nested parentheses, and a client
 * sends the same few expressions over and over with other values; what an expression means depends only on its text,
 * the attribute names and the *types* of its values.
 */

interface Context {
  attrNames?: Record<string, string>;
  attrVals?: Record<string, object>;
  unusedAttrNames?: Record<string, unknown>;
  unusedAttrVals?: Record<string, unknown>;
}
export interface Parser { parse(text: string, options: { context: Context }): unknown }

/** A parsed expression with its values taken out, and the names that it used. */
interface Template { tree: unknown; usedNames: string[]; usedValues: string[] }

class Hole {
  constructor(readonly name: string) {}
}

/** Operators that look at values while parsing: their expressions are parsed each time. */
const LOOKS_AT_VALUES = /\b(between|attribute_type)\b/i;
const MOST_TEMPLATES = 1000;

/** Makes a parser remember; a parse that fails with an exception (a syntax error) is not remembered. */
export function rememberParses(parser: Parser): void {
  const templates = new Map<string, Template>();
  const parse = parser.parse.bind(parser);
  parser.parse = (text, options) => {
    const { context } = options;
    if (LOOKS_AT_VALUES.test(text)) return parse(text, options);
    const { attrNames = {}, attrVals = {}, unusedAttrNames = {}, unusedAttrVals = {} } = context;
    const key = JSON.stringify([text, attrNames, Object.entries(attrVals).map(([name, value]) => [name, Object.keys(value)[0]])]);
    let template = templates.get(key);
    if (!template) {
      const ours = { ...context, unusedAttrNames: { ...attrNames }, unusedAttrVals: { ...attrVals } };
      const tree = parse(text, { context: ours });
      const names = new Map(Object.entries(attrVals).map(([name, value]) => [value, name]));
      const used = (all: object, unused: object): string[] => Object.keys(all).filter((name) => !Object.hasOwn(unused, name));
      template = { tree: copy(tree, (value) => (names.has(value) ? new Hole(names.get(value)!) : undefined)), usedNames: used(attrNames, ours.unusedAttrNames), usedValues: used(attrVals, ours.unusedAttrVals) };
      if (templates.size >= MOST_TEMPLATES) templates.clear();
      templates.set(key, template);
    }
    for (const name of template.usedNames) delete unusedAttrNames[name];
    for (const name of template.usedValues) delete unusedAttrVals[name];
    return copy(template.tree, (value) => (value instanceof Hole ? attrVals[value.name] : undefined));
  };
}

/** A deep copy, in which an object may be replaced by another. */
function copy(value: unknown, replace: (value: object) => object | undefined): unknown {
  if (typeof value !== "object" || value === null) return value;
  const other = replace(value);
  if (other) return other;
  if (Array.isArray(value)) return value.map((member) => copy(member, replace));
  const result = Object.create(Object.getPrototypeOf(value) as object | null) as Record<string, unknown>;
  for (const name of Object.keys(value)) result[name] = copy((value as Record<string, unknown>)[name], replace);
  return result;
}
