/** Inputs of all kinds: of an operation's shape, of that shape but for one place, and arbitrary JSON. */
import fc from "fast-check";
import type { Shape } from "../../../../harness/region/shapes/types";

/** Names that are there, and texts that some member has a meaning for. */
const WORDS = [
  "f", "q", "t", "role", "bus", "rule", "default", "/log", "stream", "alarm", "id", "*", "Key", "Value", "2026-01-01T00:00:00Z", "1", "-1", "true", "{}", "[]", "null", "{\"a\":[1]}", "rate(1 minute)",
  "Sum", "p99", "INFO", "$LATEST", "t3.micro", "us-east-1a", "spot", "instant", "{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Succeed\"}}}", "{\"source\":[\"a\"]}", "%[%", "[a, b=1]", "m1 + 1", "SEARCH('{a,b} c', 'Sum', 60)",
  "arn:aws:sqs:us-east-1:123456789012:q", "arn:aws:iam::123456789012:role/role", "arn:aws:states:us-east-1:123456789012:stateMachine:m", "arn:aws:lambda:us-east-1:123456789012:function:f",
  "arn:aws:logs:us-east-1:123456789012:log-group:/log:*", "arn:aws:events:us-east-1:123456789012:event-bus/bus", "arn:aws:cloudwatch:us-east-1:123456789012:alarm:alarm",
  "arn:aws:dynamodb:us-east-1:123456789012:table/t", "arn:aws:ec2:us-east-1:123456789012:instance/i-0123456789abcdef0", "i-0123456789abcdef0", "http://127.0.0.1/123456789012/q", "__proto__", "constructor", "toString", "\u0000", "ü😀",
];

export const text: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: fc.constantFrom(...WORDS), weight: 8 },
  { arbitrary: fc.string({ maxLength: 12 }), weight: 2 },
  { arbitrary: fc.constantFrom("", "x".repeat(70_000), "a/".repeat(3000)), weight: 1 },
);
const number = fc.oneof(fc.integer({ min: -2, max: 70 }), fc.constantFrom(0, 1, 60, 1.5, -1, 1e9, 1_767_225_600, 1_767_225_600_000, 2 ** 53, 1e308, -1e308, 1e-7));

/** Anything that JSON has. */
export const anything: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof({ maxDepth: 3, depthSize: "small" }, text, number, fc.boolean(), fc.constant(null), fc.array(tie("value"), { maxLength: 3 }), fc.dictionary(text, tie("value"), { maxKeys: 3 })),
})).value;

const scalars = {
  text, number, boolean: fc.boolean(), timestamp: fc.oneof(fc.integer({ min: 1_767_225_000, max: 1_767_226_000 }), number, fc.constant("2026-01-01T00:00:00Z")), document: anything,
  blob: fc.oneof(fc.constantFrom("e30=", "eA=="), text),
};

/** Values that have the shape; where `spoilt`, some have not. `spoilt` is how likely each place is to have another type, be null or be left out. */
export function valueOf(shape: Shape | undefined, spoilt: number, depth = 0): fc.Arbitrary<unknown> {
  if (shape === undefined) return anything;
  const proper = properValue(shape, spoilt, depth);
  return spoilt === 0 ? proper : fc.oneof({ arbitrary: proper, weight: 100 - spoilt }, { arbitrary: anything, weight: spoilt });
}

function properValue(shape: Shape, spoilt: number, depth: number): fc.Arbitrary<unknown> {
  switch (shape.kind) {
    case "list":
      return fc.array(depth > 5 ? anything : valueOf(shape.of, spoilt, depth + 1), { maxLength: 3 });
    case "map":
      return fc.dictionary(text, depth > 5 ? anything : valueOf(shape.of, spoilt, depth + 1), { maxKeys: 3 });
    case "structure": {
      if (depth > 5) return fc.constant({});
      const members = [...shape.members];
      // Of many members a few: an input with all of them is refused for the first that the region does not have.
      return fc.uniqueArray(fc.nat({ max: Math.max(0, members.length - 1) }), { maxLength: 3 }).chain((chosen) => {
        const model: Record<string, fc.Arbitrary<unknown>> = {};
        for (const [index, [name, member]] of members.entries()) if (shape.required.includes(name) || chosen.includes(index)) model[name] = valueOf(member, spoilt, depth + 1);
        return spoilt === 0 ? fc.record(model) : fc.record(model, { requiredKeys: Object.keys(model).filter((_, index) => (index * 7 + chosen.length) % 9 !== 0) });
      });
    }
    default:
      return scalars[shape.kind];
  }
}
