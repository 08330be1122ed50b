import fc from "fast-check";
import { rememberParses, type Parser } from "../../../../../harness/region/services/dynamodb/parse-cache";

const isReserved = () => false;
const compare = () => false;

describe.each(["conditionParser", "updateParser"])("a %s that remembers", (name) => {
  const plain = jest.requireActual<Parser>(`dynalite/db/${name}`);
  const parse = plain.parse;
  const remembering: Parser = { parse: (text, options) => parse(text, options) };
  rememberParses(remembering);

  const operand = fc.constantFrom("a", "#n", "b.c[1]", ":v", ":w", "size(a)");
  const condition = fc.oneof(
    fc.tuple(operand, fc.constantFrom("=", "<>", "<"), operand).map((parts) => parts.join(" ")),
    fc.tuple(operand, operand).map(([x, y]) => `${x} IN (${y}, :w)`),
    fc.tuple(operand, operand, operand).map(([x, y, z]) => `${x} BETWEEN ${y} AND ${z}`),
    operand.map((x) => `attribute_not_exists(${x})`),
  );
  const conditions = fc.tuple(condition, fc.constantFrom("AND", "OR"), condition).map(([x, operator, y]) => `${x} ${operator} (${y})`);
  const update = fc.oneof(fc.tuple(operand, operand, operand).map(([x, y, z]) => `SET ${x} = if_not_exists(${y}, ${z}) + ${z}`), fc.tuple(operand, operand).map(([x, y]) => `SET ${x} = ${y} REMOVE gone ADD n :v`));
  const value = fc.oneof(fc.record({ N: fc.nat().map(String) }), fc.record({ S: fc.string() }));

  it("gives what one that does not would give, whatever the values", () => {
    fc.assert(fc.property(name === "updateParser" ? update : conditions, fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 3 }), fc.boolean(), (text, rounds, named) => {
      for (const [v, w] of rounds) {
        const run = (parser: (text: string, options: never) => unknown) => {
          const attrVals = { ":v": v, ":w": w };
          const attrNames = named ? { "#n": "name" } : {};
          const context = { attrVals, attrNames, unusedAttrNames: { ...attrNames }, unusedAttrVals: { ...attrVals }, isReserved, compare };
          try {
            return { result: parser(text, { context } as never), unused: [context.unusedAttrNames, context.unusedAttrVals] };
          } catch (error) {
            return (error as Error).message;
          }
        };
        expect(run(remembering.parse.bind(remembering) as never)).toEqual(run(parse as never));
      }
    }), { numRuns: 300 });
  });
});
