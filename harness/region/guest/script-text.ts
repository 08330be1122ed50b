/**
 * A script of user data, made to run on this machine: `/` as it names it is the guest's root folder, the system's Python and the
 * programs of which the guest has its own version are those, and the metadata service's address is the instance's own here.
 */
import { join } from "node:path";
import { mapPaths } from "./paths";
import { HELPERS } from "./helpers";

/** Folders that a guest has of its own; what is below others is this machine's, to be read and run. https://refspecs.linuxfoundation.org/FHS_3.0/fhs/ch03.html */
export const OWN_FOLDERS = ["/dev/console", "/etc", "/home", "/lib/systemd/system", "/media", "/mnt", "/opt", "/root", "/srv", "/tmp", "/usr/lib/systemd/system", "/usr/local", "/var"];

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html */
const METADATA_ADDRESS = "169.254.169.254";

/** Where the guest's things are on this machine. */
export interface ScriptPlaces {
  root: string;
  /** The folder with the guest's own versions of programs. */
  binFolder: string;
  python: string;
  /** `http://127.0.0.1:PORT`; absent when the guest has no metadata service. */
  metadataEndpoint?: string;
}

/** Where a path begins: at a word's beginning, quoted or not; not after another part of a path, a variable or a host. */
const BEGINNING = /(?<=^|[\s=:,;(<>&|[{`]|(?:^|[\s=:,;(<>&|[{`+])[bfru]{0,2}["'])/.source;
const END = /(?![\w.-])/.source;

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const place = new RegExp([
  `${BEGINNING}(?<folder>${OWN_FOLDERS.map(escaped).join("|")})${END}`,
  `${BEGINNING}(?:/usr)?/s?bin/(?<program>${Object.keys(HELPERS).map(escaped).join("|")})${END}`,
  `${BEGINNING}(?<python>/usr/bin/python3?(?:\\.\\d+)?)${END}`,
].join("|"), "gm");

/** The text of a script as this machine can run it. */
export function localize(text: string, places: ScriptPlaces): string {
  // In one pass: what stands for one path may contain another.
  const mapped = text.replace(place, (...match) => {
    const { folder, program } = match.at(-1) as Record<string, string | undefined>;
    return folder !== undefined ? join(places.root, folder) : program !== undefined ? join(places.binFolder, program) : places.python;
  });
  const { metadataEndpoint } = places;
  return metadataEndpoint === undefined ? mapped : mapped.replaceAll(METADATA_ADDRESS, metadataEndpoint.replace(/^http:\/\//, ""));
}

/** The words of the first line: `#!/usr/bin/env python3` runs what `env` finds, and a single argument goes with it. https://man7.org/linux/man-pages/man2/execve.2.html */
export function interpreterOf(text: string, places: ScriptPlaces): { words: string[]; isPython: boolean } {
  const words = text.split("\n", 1)[0]!.slice(2).trim().split(/\s+/);
  if (words[0] === "/usr/bin/env" || words[0] === "/bin/env") words.splice(0, words[1] === "-S" ? 2 : 1);
  const isPython = /^(\/usr\/bin\/|\/usr\/local\/bin\/)?python3?(\.\d+)?$/.test(words[0] ?? "");
  if (isPython) words[0] = places.python;
  return { words: words.map((word) => mapPaths(places.root, word)), isPython };
}
