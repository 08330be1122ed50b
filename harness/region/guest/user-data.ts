/**
 * User data in the formats that cloud-init takes: a script, a cloud-config document, or a multi-part archive of both. Other formats
 * are refused by name. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html
 * https://docs.cloud-init.io/en/latest/explanation/format.html
 */
import { gunzipSync } from "node:zlib";
import { readCloudConfig, type CloudConfig } from "./cloud-config";
import { isMultipart, partsOf, type Part } from "./mime";

/** A program that root runs once, at the first boot. */
export interface Script { name: string; text: string }

export interface UserData extends CloudConfig {
  /** In the order in which they run. */
  scripts: Script[];
}

/** User data as launch APIs carry it, base64 and possibly gzipped, as text. */
export function decodeUserData(base64: string): string {
  const raw = Buffer.from(base64, "base64");
  return (raw[0] === 0x1f && raw[1] === 0x8b ? gunzipSync(raw) : raw).toString("utf8");
}

type Reader = (data: UserData, text: string, name: string) => void;

const script: Reader = (data, text, name) => {
  if (!text.startsWith("#!")) throw new Error(`user data: the script ${name} must begin with "#!" and its interpreter`);
  data.scripts.push({ name, text });
};

/** Formats by what a document begins with. */
export const FORMATS: Readonly<Record<string, Reader>> = {
  "#cloud-config": (data, text) => readCloudConfig(text, data),
  "#!": script,
};

/** Content types of an archive's parts. `text/plain` says nothing: the part is what it begins with. */
export const PART_TYPES: Readonly<Record<string, Reader>> = {
  "text/cloud-config": FORMATS["#cloud-config"]!,
  "text/x-shellscript": script,
  "text/plain": readByLook,
  "application/octet-stream": readByLook,
};

/** Reads user data. Throws an Error that names what is wrong or not supported, and where. */
export function parseUserData(text: string): UserData {
  const data: UserData = { packages: [], files: [], commands: [], scripts: [] };
  if (text.trim() === "") return data;
  if (isMultipart(text)) for (const part of partsOf(text)) readPart(data, part);
  else readByLook(data, text, "part-001");
  // cloud-init runs the folder's scripts in the order of their names.
  data.scripts.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return data;
}

function readPart(data: UserData, { type, name, text }: Part): void {
  const read = Object.hasOwn(PART_TYPES, type) ? PART_TYPES[type] : undefined;
  if (!read) throw new Error(`user data: the part ${name} is of the type ${type}, which is not supported (what is: ${Object.keys(PART_TYPES).join(", ")})`);
  read(data, text, name);
}

function readByLook(data: UserData, text: string, name: string): void {
  const [first = ""] = text.split("\n", 1);
  const [, read] = Object.entries(FORMATS).find(([mark]) => (mark === "#!" ? first.startsWith(mark) : first.trim() === mark)) ?? [];
  if (!read) {
    throw new Error(`user data must begin with "#cloud-config", with "#!" (a script), or with the header of a multi-part archive; it begins with "${first.slice(0, 40)}"`);
  }
  read(data, text, name);
}
