/**
 * Multi-part MIME archives of user data: their parts with type, name and content.
 * https://docs.cloud-init.io/en/latest/explanation/format.html#mime-multi-part-archive https://www.rfc-editor.org/rfc/rfc2046#section-5.1
 */
import { gunzipSync } from "node:zlib";

export interface Part {
  /** The content type, in small letters and without parameters. */
  type: string;
  /** The file name, or `part-001`, `part-002`… */
  name: string;
  text: string;
}

type Headers = ReadonlyMap<string, string>;

/** Whether the text begins with the headers of an archive; a leading `From` line of a mailbox is passed over. */
export const isMultipart = (text: string): boolean => /^multipart\//i.test(headersOf(text).headers.get("content-type") ?? "");

/** Throws an Error that says what is wrong with the archive. */
export function partsOf(text: string): Part[] {
  const { headers, body } = headersOf(text);
  const boundary = parameter(headers.get("content-type")!, "boundary");
  if (boundary === undefined) throw new Error("user data: its Content-Type has no boundary");
  const parts: Part[] = [];
  let lines: string[] | undefined;
  for (const line of body.split(/\r?\n/)) {
    const isEnd = line.trimEnd() === `--${boundary}--`;
    if (!isEnd && line.trimEnd() !== `--${boundary}`) {
      lines?.push(line);
      continue;
    }
    if (lines) parts.push(partOf(lines.join("\n"), parts.length + 1));
    if (isEnd) return parts;
    lines = [];
  }
  throw new Error(`user data: the archive does not end with the line --${boundary}--`);
}

function partOf(text: string, number: number): Part {
  const { headers, body } = headersOf(text);
  const type = headers.get("content-type") ?? "text/plain";
  const name = parameter(headers.get("content-disposition") ?? "", "filename") ?? `part-${String(number).padStart(3, "0")}`;
  if (name.includes("/")) throw new Error(`user data: the part's name "${name}" must be a file's, without folders`);
  const encoding = (headers.get("content-transfer-encoding") ?? "7bit").trim().toLowerCase();
  const decode = Object.hasOwn(ENCODINGS, encoding) ? ENCODINGS[encoding] : undefined;
  if (!decode) throw new Error(`user data: the part ${name} has the transfer encoding ${encoding}, which is not supported (what is: ${Object.keys(ENCODINGS).join(", ")})`);
  const content = decode(body);
  return { type: type.split(";", 1)[0]!.trim().toLowerCase(), name, text: (content[0] === 0x1f && content[1] === 0x8b ? gunzipSync(content) : content).toString("utf8") };
}

const plain = (body: string): Buffer => Buffer.from(body, "utf8");
const ENCODINGS: Readonly<Record<string, (body: string) => Buffer>> = { "7bit": plain, "8bit": plain, binary: plain, base64: (body) => Buffer.from(body, "base64") };

/** Header lines up to the first empty one; a line that begins with white space goes on with the one before. */
function headersOf(text: string): { headers: Headers; body: string } {
  const headers = new Map<string, string>();
  const lines = text.split("\n");
  let last: string | undefined;
  let at = lines[0]?.startsWith("From ") ? 1 : 0;
  for (; at < lines.length; at++) {
    const line = lines[at]!.replace(/\r$/, "");
    if (line === "") return { headers, body: lines.slice(at + 1).join("\n") };
    const field = /^([A-Za-z][A-Za-z0-9-]*):\s*(.*)$/.exec(line);
    if (field) headers.set((last = field[1]!.toLowerCase()), field[2]!);
    else if (/^[ \t]/.test(line) && last !== undefined) headers.set(last, `${headers.get(last)!} ${line.trim()}`);
    else break;
  }
  return { headers, body: lines.slice(at).join("\n") };
}

/** `name` of `type/subtype; name="value"`. */
function parameter(header: string, name: string): string | undefined {
  const match = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^;\\s]+))`, "i").exec(header);
  return match ? (match[1] ?? match[2]) : undefined;
}
