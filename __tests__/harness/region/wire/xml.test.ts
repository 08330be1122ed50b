import fc from "fast-check";
import { buildXml, parseXml, xmlContent } from "../../../../harness/region/wire/xml";

it("writes lists the way that each protocol does", () => {
  const value = { Names: ["a", "b"] };
  expect(xmlContent(value, { lists: "member" })).toBe("<Names><member>a</member><member>b</member></Names>");
  expect(xmlContent(value, { lists: "item" })).toBe("<Names><item>a</item><item>b</item></Names>");
  expect(xmlContent(value)).toBe("<Names>a</Names><Names>b</Names>");
  expect(xmlContent({ Names: [] }, { lists: "item" })).toBe("<Names></Names>");
});

it("writes dates, booleans, numbers and bytes, and leaves out what is not there", () => {
  expect(xmlContent({ at: new Date("2026-01-01T00:00:00Z"), half: new Date("2026-01-01T00:00:00.5Z"), yes: true, n: 1.5, b: Buffer.from("hi"), no: undefined, nil: null }))
    .toBe("<at>2026-01-01T00:00:00Z</at><half>2026-01-01T00:00:00.500Z</half><yes>true</yes><n>1.5</n><b>aGk=</b>");
});

it("gives back any text that XML can carry", () => {
  // eslint-disable-next-line no-control-regex
  const carried = fc.string({ unit: "binary" }).filter((text) => text === text.trim() && !/[\u0000-\u001f\ufffe\uffff]/.test(text));
  fc.assert(fc.property(carried, (text) => {
    expect(parseXml(buildXml("Root", { text }))).toEqual({ Root: { text } });
  }));
});

it("makes arrays of the named elements even when there is one", () => {
  expect(parseXml("<Delete><Object><Key>a</Key></Object></Delete>", ["Object"])).toEqual({ Delete: { Object: [{ Key: "a" }] } });
});

it.each(["", "text", "<a>", "<a></b>", "<a"])("refuses %p as malformed", (text) => {
  expect(() => parseXml(text)).toThrow(expect.objectContaining({ code: "MalformedXML", status: 400 }));
});
