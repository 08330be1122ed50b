/** Cyclic redundancy checks of 32 bits, as S3 checks objects by them and DynamoDB its answers. */

/** A running checksum; `digest` gives its bytes, in network order. */
export interface Running { update(data: Buffer): void; digest(): Buffer }

const tables32 = new Map<number, Uint32Array>();

/** CRC-32 as Ethernet and zip have it, or with another polynomial, its bits reversed. */
export function crc32(polynomial = 0xedb88320): Running {
  let table = tables32.get(polynomial);
  if (!table) {
    table = new Uint32Array(256);
    for (let byte = 0; byte < 256; byte++) {
      let value = byte;
      for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
      table[byte] = value;
    }
    tables32.set(polynomial, table);
  }
  const lookUp = table;
  let crc = 0xffffffff;
  return {
    update(data) {
      let value = crc;
      for (let index = 0; index < data.length; index++) value = (value >>> 8) ^ lookUp[(value ^ data[index]!) & 0xff]!;
      crc = value;
    },
    digest() {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE((crc ^ 0xffffffff) >>> 0);
      return bytes;
    },
  };
}
