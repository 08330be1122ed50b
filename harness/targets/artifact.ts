/**
 * A scenario's own program as an artifact: its folder in harness/scenarios/programs/, with the default workload beside, which it may
 * build on. The same files give the same bytes.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "fflate";
import { UsageError } from "../model/errors";

const PROGRAMS = join(__dirname, "..", "scenarios", "programs");
const WORKLOAD = join(__dirname, "..", "..", "userdata", "workload", "workload.py");
const BLOCK_BYTES = 512;

export const artifactKey = (program: string): string => `artifacts/${program}.tar.gz`;

/** @throws UsageError when there is no such program */
export function packProgram(program: string): Uint8Array {
  const folder = join(PROGRAMS, program);
  if (!existsSync(folder)) throw new UsageError(`There is no program ${program} in ${PROGRAMS}.`, `There are: ${readdirSync(PROGRAMS).join(", ")}.`);
  const names = readdirSync(folder).filter((name) => /\.(py|sh)$/.test(name)).sort();
  const parts = [...names.map((name) => [name, readFileSync(join(folder, name))] as const), ["workload.py", readFileSync(WORKLOAD)] as const].flatMap(([name, content]) => [
    header(name, content.length), content, Buffer.alloc((BLOCK_BYTES - (content.length % BLOCK_BYTES)) % BLOCK_BYTES),
  ]);
  return gzipSync(Buffer.concat([...parts, Buffer.alloc(2 * BLOCK_BYTES)]), { mtime: 0 });
}

/** An executable file's header, of nobody and no time. https://www.gnu.org/software/tar/manual/html_node/Standard.html */
function header(name: string, size: number): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES);
  const octal = (value: number, at: number, digits: number): void => void block.write(`${value.toString(8).padStart(digits, "0")}\0`, at, "latin1");
  block.write(name, 0, "latin1");
  octal(0o755, 100, 7);
  octal(0, 108, 7);
  octal(0, 116, 7);
  octal(size, 124, 11);
  octal(0, 136, 11);
  block.write("        0", 148, "latin1"); // the sum is reckoned with spaces in its place; then the kind, a file
  block.write("ustar\0" + "00", 257, "latin1");
  octal(block.reduce((sum, byte) => sum + byte, 0), 148, 6);
  return block;
}
