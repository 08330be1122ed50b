/** A large body that is on its way keeps its file, whatever becomes of the object, until it has gone or nobody takes it. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StreamedBody } from "../../../../../harness/region/core/types";
import { Bodies } from "../../../../../harness/region/services/s3/bodies";

const folder = mkdtempSync(join(tmpdir(), "bodies-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const LARGE = Buffer.alloc(3 * 1024 * 1024, "abc");

/** Of an object that has been deleted since. */
function onItsWay(): StreamedBody {
  const body = new Bodies(folder).of(LARGE);
  const sent = body.sent(0, body.size);
  body.release();
  expect(readdirSync(folder)).toHaveLength(1);
  if (!("stream" in sent)) throw new Error("not large enough to be sent piece by piece");
  return sent.stream;
}

it("until it has gone", () => {
  expect(Buffer.concat([...onItsWay().pieces()]).equals(LARGE)).toBe(true);
  expect(readdirSync(folder)).toEqual([]);
});

it("until its connection breaks in the middle", () => {
  for (const piece of onItsWay().pieces()) if (piece.length > 0) break;
  expect(readdirSync(folder)).toEqual([]);
});

it("until there is nobody to take the first of it", () => {
  onItsWay().unsent!();
  expect(readdirSync(folder)).toEqual([]);
});
