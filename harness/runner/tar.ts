/** Reads a tar: the files in it by name. Enough of the format for what the agent packs (ustar, GNU and pax long names). */

/**
 * Throws Error when it is not a tar or is cut short.
 * @param upTo the file after which nothing more is read; the rest of the tar need not be there
 */
export function readTar(archive: Buffer, upTo?: string): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  let longName: string | undefined;
  for (let at = 0; at + 512 <= archive.length; ) {
    const header = archive.subarray(at, at + 512);
    if (header.every((byte) => byte === 0)) break;
    const text = (from: number, length: number): string => header.subarray(from, from + length).toString("utf8").replace(/\0[\s\S]*$/, "");
    const size = Number.parseInt(text(124, 12).trim() || "0", 8);
    if (!Number.isFinite(size)) throw new Error(`not a tar: the header at byte ${at} has no size`);
    const from = at + 512;
    if (from + size > archive.length) throw new Error(`the tar ends within ${text(0, 100)}`);
    const body = archive.subarray(from, from + size);
    const kind = text(156, 1) || "0";
    if (kind === "L") longName = body.toString("utf8").replace(/\0[\s\S]*$/, "");
    else if (kind === "x") longName = /\d+ path=([^\n]*)\n/.exec(body.toString("utf8"))?.[1] ?? longName;
    else {
      const prefix = text(257, 5) === "ustar" ? text(345, 155) : "";
      const name = longName ?? (prefix === "" ? text(0, 100) : `${prefix}/${text(0, 100)}`);
      longName = undefined;
      if (kind === "0") files.set(name, body);
      if (name === upTo) break;
    }
    at = from + Math.ceil(size / 512) * 512;
  }
  return files;
}
