import fc from "fast-check";
import { byTable, crc32 } from "../../../../harness/region/core/crc32";

it("is the same whether Node makes it or the table", () => {
  const ethernet = byTable(0xedb88320);
  fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 4 }), (pieces) => {
    const running = crc32();
    for (const piece of pieces) running.update(Buffer.from(piece));
    expect(running.digest().readUInt32BE()).toBe(pieces.reduce((crc, piece) => ethernet(Buffer.from(piece), crc), 0));
  }));
});
