/**
 * `#cloud-config` documents, as far as an instance of the region carries them out; everything else is refused by name.
 * https://docs.aws.amazon.com/linux/al2023/ug/cloud-init.html https://docs.cloud-init.io/en/latest/reference/modules.html
 */
import { gunzipSync } from "node:zlib";
import { parse } from "yaml";

export interface FileToWrite {
  path: string;
  content: Buffer;
  /** As for chmod. */
  mode: number;
  append: boolean;
}

export interface CloudConfig {
  packages: string[];
  files: FileToWrite[];
  /** Command lines (run by a shell) or lists of words. */
  commands: (string | string[])[];
}

type Fields = Record<string, unknown>;

/** Reads a document into a configuration. Throws an Error that names what is wrong or not supported, and where. */
export function readCloudConfig(text: string, config: CloudConfig): void {
  let document: unknown;
  try {
    document = parse(text) ?? {};
  } catch (error) {
    throw new Error(`user data is not valid YAML: ${(error as Error).message}`, { cause: error });
  }
  for (const [key, value] of Object.entries(fieldsOf(document, "user data"))) {
    const module = Object.hasOwn(MODULES, key) ? MODULES[key] : undefined;
    if (!module) throw new Error(`user data: "${key}" is not supported (what is: ${Object.keys(MODULES).join(", ")})`);
    module(config, value);
  }
}

/** Top-level keys. */
export const MODULES: Record<string, (config: CloudConfig, value: unknown) => void> = {
  packages(config, value) {
    listOf(value, "packages").forEach((each, i) => config.packages.push(textOf(each, `packages[${i}]`)));
  },
  write_files(config, value) {
    listOf(value, "write_files").forEach((each, i) => config.files.push(fileOf(fieldsOf(each, `write_files[${i}]`), `write_files[${i}]`)));
  },
  runcmd(config, value) {
    listOf(value, "runcmd").forEach((each, i) => {
      const where = `runcmd[${i}]`;
      config.commands.push(Array.isArray(each) ? each.map((word) => textOf(word, where)) : textOf(each, where));
    });
  },
};

export const DECODERS: Record<string, (content: string) => Buffer> = {
  "text/plain": (content) => Buffer.from(content, "utf8"),
  b64: (content) => Buffer.from(content, "base64"),
  base64: (content) => Buffer.from(content, "base64"),
  gz: (content) => gunzipSync(Buffer.from(content, "latin1")),
  gzip: (content) => gunzipSync(Buffer.from(content, "latin1")),
  "gz+b64": (content) => gunzipSync(Buffer.from(content, "base64")),
  "gz+base64": (content) => gunzipSync(Buffer.from(content, "base64")),
  "gzip+b64": (content) => gunzipSync(Buffer.from(content, "base64")),
  "gzip+base64": (content) => gunzipSync(Buffer.from(content, "base64")),
};
export const FILE_FIELDS = ["path", "content", "encoding", "permissions", "owner", "append", "defer"];
/** Whoever asks for root's ownership gets it: a guest's processes are all of one user. */
const OWNERS = ["root", "root:root"];

function fileOf(fields: Fields, where: string): FileToWrite {
  for (const key of Object.keys(fields)) {
    if (!FILE_FIELDS.includes(key)) throw new Error(`user data: ${where}: "${key}" is not supported (what is: ${FILE_FIELDS.join(", ")})`);
  }
  const path = textOf(fields.path, `${where}.path`);
  const owner = fields.owner === undefined ? "root:root" : textOf(fields.owner, `${where}.owner`);
  if (!OWNERS.includes(owner)) throw new Error(`user data: ${where} (${path}): owner "${owner}" is not supported, only root`);
  const encoding = fields.encoding === undefined ? "text/plain" : textOf(fields.encoding, `${where}.encoding`);
  const decode = Object.hasOwn(DECODERS, encoding) ? DECODERS[encoding] : undefined;
  if (!decode) throw new Error(`user data: ${where} (${path}): encoding "${encoding}" is not supported (what is: ${Object.keys(DECODERS).join(", ")})`);
  const content = fields.content === undefined ? "" : textOf(fields.content, `${where}.content`);
  let decoded: Buffer;
  try {
    decoded = decode(content);
  } catch (error) {
    throw new Error(`user data: ${where} (${path}): its content is not ${encoding}: ${(error as Error).message}`, { cause: error });
  }
  return { path, content: decoded, mode: modeOf(fields.permissions, `${where}.permissions`), append: fields.append === true };
}

function modeOf(value: unknown, where: string): number {
  if (value === undefined) return 0o644;
  // Without quotes YAML makes a number of it, and cloud-init reads that number's digits as octal, too.
  const digits = String(value).replace(/^0o/, "");
  if (!/^[0-7]{3,4}$/.test(digits)) throw new Error(`user data: ${where}: "${String(value)}" are no permissions; write four octal digits in quotes, "0644"`);
  return parseInt(digits, 8);
}

function fieldsOf(value: unknown, where: string): Fields {
  if (value !== null && typeof value === "object" && !Array.isArray(value)) return value as Fields;
  throw new Error(`user data: ${where} must be a mapping`);
}

function listOf(value: unknown, where: string): unknown[] {
  if (Array.isArray(value)) return value;
  throw new Error(`user data: ${where} must be a list`);
}

function textOf(value: unknown, where: string): string {
  if (typeof value === "string" || typeof value === "number") return String(value);
  throw new Error(`user data: ${where} must be text`);
}
