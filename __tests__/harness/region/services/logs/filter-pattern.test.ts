import fc from "fast-check";
import { compileFilterPattern } from "../../../../../harness/region/services/logs/filter-pattern";

const JSON_LINE = '{"event": "notice", "level": "warn", "launch": 2, "ok": true, "none": null, "nested": {"list": [1, {"a": "b"}]}, "text": "a b"}';

test.each<[string, string, boolean]>([
  ["", "anything", true],
  ["ERROR", "an ERROR here", true],
  ["error", "an ERROR here", false],
  ["ERROR here", "here an ERROR", true],
  ["ERROR gone", "an ERROR here", false],
  ['"ERROR here"', "an ERROR here", true],
  ['"here ERROR"', "an ERROR here", false],
  ["?WARN ?ERROR", "an ERROR here", true],
  ["ERROR -here", "an ERROR here", false],
  ["%ERR[OQ]R%", "an ERROR here", true],
  ['{ $.event = "notice" }', JSON_LINE, true],
  ['{ $.event = "not*" }', JSON_LINE, true],
  ['{ $.event != "notice" }', JSON_LINE, false],
  ["{ $.launch > 1 }", JSON_LINE, true],
  ["{ $.launch = 2 && $.level = warn }", JSON_LINE, true],
  ["{ $.launch = 3 || $.level = warn }", JSON_LINE, true],
  ["{ ($.launch = 3 || $.level = warn) && $.event = other }", JSON_LINE, false],
  ["{ $.ok IS TRUE }", JSON_LINE, true],
  ["{ $.none IS NULL }", JSON_LINE, true],
  ["{ $.missing NOT EXISTS }", JSON_LINE, true],
  ['{ $.nested.list[1].a = "b" }', JSON_LINE, true],
  ["{ $.event = %^no% }", JSON_LINE, true],
  ["{ $.event = notice }", "no JSON", false],
  ["[ip, user, status = 4*, bytes > 100]", "10.0.0.1 me 404 150", true],
  ["[ip, user, status = 4*, bytes > 100]", "10.0.0.1 me 200 150", false],
  ["[ip, ..., bytes]", '10.0.0.1 - "GET /" [a b] 150', true],
  ["[ip, user]", "only three words", false],
])("%s on %s: %s", (pattern, message, expected) => {
  expect(compileFilterPattern(pattern)(message) !== undefined).toBe(expected);
});

test.each(["{ $.a ~ 1 }", "{ event = 1 }", "{ $.a = 1", "[a, b", "{ $.a IS maybe }", "%(%"])("%s is refused", (pattern) => {
  expect(() => compileFilterPattern(pattern)).toThrow(expect.objectContaining({ code: "InvalidParameterException" }));
});

test("any text at all is a pattern, or refused as none; nothing else happens", () => {
  const word = fc.constantFrom("{", "}", "[", "]", "(", ")", "$.a", "$", "=", "!=", "<", "&&", "||", "IS", "NOT", "NULL", "EXISTS", "x", "1", "*", '"q"', '"', "%", "%a%", "?", "-", ",", "...", "\\");
  fc.assert(fc.property(fc.oneof(fc.array(word, { maxLength: 8 }).map((words) => words.join(" ")), fc.string()), fc.constantFrom(JSON_LINE, "plain text", ""), (pattern, message) => {
    try {
      compileFilterPattern(pattern)(message);
    } catch (error) {
      expect(error).toMatchObject({ code: "InvalidParameterException" });
    }
  }));
});
