/**
 * Renders the instances' user data from `userdata/cloud-config.yaml`, a cloud-config document with placeholders:
 *
 *   content: "@@FILE:loader/loader.py@@"   the file's text, as a quoted YAML scalar
 *   SPOTPROOF_TABLE=@@SETTING:TABLE@@      a setting's value as it is, for systemd's EnvironmentFile=
 *
 * It carries the loader and what tells it where the agent is; the agent itself (agent-archive.ts) is more than EC2 takes.
 *
 * Formats: https://docs.cloud-init.io/en/latest/reference/modules.html (write_files),
 * https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html (EnvironmentFile=).
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Raw user data, before base64, may have so many bytes:
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html
 */
export const USER_DATA_LIMIT_BYTES = 16_384;

/** What references may become longer by, once Terraform knows what they stand for: a bucket's name has 63 characters, a version's 32. */
const REFERENCES_BYTES = 128;

/** The user data, or the agent that it loads, cannot be made; the message is complete. */
export class UserDataError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UserDataError";
  }
}

/** Settings by their placeholder's name. */
export type UserDataSettings = Readonly<Record<string, string>>;

const PLACEHOLDER = /"@@FILE:([^@"\n]+)@@"|@@SETTING:([A-Z0-9_]+)@@/g;
const KNOWN = 'placeholders are "@@FILE:path@@" (in double quotes, the whole value) and @@SETTING:NAME@@';

/**
 * @param folder holds `cloud-config.yaml` and the files that it names.
 * @param settings may be Terraform's references, by CDKTF's tokens.
 * @throws UserDataError on a placeholder that names no file or setting, and when the result exceeds
 *   USER_DATA_LIMIT_BYTES, with the size of each part.
 */
export function renderUserData(folder: string, settings: UserDataSettings): string {
  const path = join(folder, "cloud-config.yaml");
  if (!existsSync(path)) throw new UserDataError(`${path} is missing; it is the template of the instances' user data`);
  const parts: { name: string; bytes: number }[] = [];
  const template = withoutComments(readFileSync(path, "utf8"));
  const text = template.replace(PLACEHOLDER, (placeholder, file: string | undefined, setting: string | undefined) => {
    if (file === undefined) return settingValue(settings, setting!, `${path}: ${placeholder}`);
    // A JSON string is a double-quoted scalar of YAML.
    const content = JSON.stringify(fileText(folder, file, `${path}: ${placeholder}`));
    parts.push({ name: file, bytes: Buffer.byteLength(content) });
    return content;
  });
  const strange = /@@[A-Z]+:[^@\s]*@@/.exec(template.replace(PLACEHOLDER, ""));
  if (strange !== null) throw new UserDataError(`${path}: ${strange[0]}: there is no such placeholder; ${KNOWN}`);
  const size = Buffer.byteLength(text) + REFERENCES_BYTES;
  if (size > USER_DATA_LIMIT_BYTES) {
    const list = [...parts].sort((a, b) => b.bytes - a.bytes).map((part) => `${part.name} ${part.bytes}`);
    throw new UserDataError(
      `the user data has ${size} bytes, ${size - USER_DATA_LIMIT_BYTES} more than the ${USER_DATA_LIMIT_BYTES} that EC2 takes: ` +
        `${[...list, `the template and its settings ${size - parts.reduce((sum, part) => sum + part.bytes, 0)}`].join(", ")}. ` +
        "Move what the loader does not need into the agent (userdata/agent), and shorten the settings (knob jobCommand).",
    );
  }
  return text;
}

/** Without the template's own comment lines, but for the first line, which tells cloud-init what it is. */
function withoutComments(template: string): string {
  const [first = "", ...rest] = template.split("\n");
  return [first, ...rest.filter((line) => !line.startsWith("#"))].join("\n");
}

function fileText(folder: string, name: string, where: string): string {
  const file = join(folder, name);
  if (name.split("/").includes("..") || !existsSync(file)) throw new UserDataError(`${where}: there is no file ${file}`);
  return readFileSync(file, "utf8");
}

/** @throws UserDataError when there is no such setting, or systemd would read another value than this. */
function settingValue(settings: UserDataSettings, name: string, where: string): string {
  const value = Object.hasOwn(settings, name) ? settings[name] : undefined;
  if (value === undefined) {
    throw new UserDataError(`${where}: there is no such setting; settings are ${Object.keys(settings).sort().join(", ")}`);
  }
  if (/[\p{Cc}\\]/u.test(value) || /^["'\s]|\s$/.test(value)) {
    throw new UserDataError(
      `${where}: the value is ${JSON.stringify(value)}; a setting of the user data has no line break and no backslash, does not begin with a quote, and has no space at its ends`,
    );
  }
  return value;
}
