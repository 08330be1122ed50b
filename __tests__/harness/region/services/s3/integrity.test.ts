import fc from "fast-check";
import { createHash } from "node:crypto";
import { decodeBody } from "../../../../../harness/region/services/s3/chunked";
import { ALGORITHMS, checksumOf, digest } from "../../../../../harness/region/services/s3/integrity";

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const sha256 = (data: Buffer): string => createHash("sha256").update(data).digest("base64");

/** The check values of https://reveng.sourceforge.io/crc-catalogue/all.htm: of the text 123456789. */
test.each([["CRC32", "cbf43926"], ["CRC32C", "e3069283"], ["CRC64NVME", "ae8b14860a799888"]] as const)("%s of 123456789 is %s", (algorithm, hex) => {
  expect(digest(algorithm, [Buffer.from("123456789")]).toString("hex")).toBe(hex);
});

test("a checksum does not depend on how the data is cut", () => {
  fc.assert(fc.property(fc.array(bytes, { maxLength: 4 }), fc.constantFrom(...ALGORITHMS), (pieces, algorithm) => {
    expect(digest(algorithm, pieces).toString("base64")).toBe(checksumOf(algorithm, Buffer.concat(pieces)));
  }));
});

test("a body in chunks comes out as it went in, with its trailer", () => {
  fc.assert(fc.property(fc.array(bytes.filter((piece) => piece.length > 0), { maxLength: 4 }), (pieces) => {
    const data = Buffer.concat(pieces);
    const encoded = Buffer.concat([
      ...pieces.flatMap((piece) => [Buffer.from(`${piece.length.toString(16)};chunk-signature=0\r\n`), piece, Buffer.from("\r\n")]),
      Buffer.from(`0\r\nx-amz-checksum-sha256:${sha256(data)}\r\n\r\n`),
    ]);
    const decoded = decodeBody({ "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "x-amz-trailer": "x-amz-checksum-sha256", "x-amz-decoded-content-length": String(data.length) }, encoded);
    expect(decoded.body.equals(data)).toBe(true);
    expect(decoded.headers["x-amz-checksum-sha256"]).toBe(sha256(data));
  }));
});

test("what is no encoded body is refused, whatever it is", () => {
  fc.assert(fc.property(bytes, (data) => {
    try {
      decodeBody({ "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER" }, data);
    } catch (error) {
      expect(error).toMatchObject({ code: "IncompleteBody", status: 400 });
    }
  }));
});
