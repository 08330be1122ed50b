/** Where a guest's paths are on this machine: `/` as its files name it is the guest's root folder. */
import { existsSync } from "node:fs";
import { join, posix } from "node:path";

/** The place of an absolute path of the guest. Throws an Error when the path is relative or climbs with `..`. */
export function belowRoot(root: string, path: string): string {
  if (!path.startsWith("/")) throw new Error(`"${path}" is not an absolute path`);
  if (path.split("/").includes("..")) throw new Error(`"${path}" leads out of the instance's root with ".."`);
  return join(root, posix.normalize(path));
}

/** The text with every absolute path in it that exists below the root replaced by its place there. */
export function mapPaths(root: string, text: string): string {
  return text.replace(/(?<![^\s"'=:,;(])\/(?!\/)[^\s"'=:,;()]+/g, (path) => {
    if (path.split("/").includes("..")) return path;
    const place = join(root, posix.normalize(path));
    return existsSync(place) ? place : path;
  });
}
