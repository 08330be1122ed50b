/**
 * A function's modules: CommonJS from the files of its package (ES modules are turned into it), Node's own, and the SDK
 * that the runtime has. https://nodejs.org/api/modules.html
 */
import { posix } from "node:path";
import { Script, type Context } from "node:vm";
import { notSupported } from "../../../../core/unsupported";
import { REFUSED } from "../../limits";
import { RuntimeError } from "../errors";

export interface ModulesOptions {
  context: Context;
  files: ReadonlyMap<string, Buffer>;
  builtin: (name: string) => unknown;
  sdk: (name: string) => unknown;
}

interface Module { exports: unknown; id: string; filename: string; loaded: boolean; children: never[]; paths: never[]; require: (name: string) => unknown }

const ROOT = "/var/task";
const EXTENSIONS = ["", ".js", ".json", ".cjs", ".mjs", "/index.js", "/index.json", "/index.cjs", "/index.mjs"];

export class Modules {
  readonly #loaded = new Map<string, Module>();

  constructor(readonly options: ModulesOptions) {}

  /** The exports of a file of the package, by its path without an extension. @throws RuntimeError Runtime.ImportModuleError, or what the module threw */
  loadEntry(path: string): unknown {
    const file = this.#resolveFile(posix.join(ROOT, path));
    if (!file) throw new RuntimeError("Runtime.ImportModuleError", `Error: Cannot find module '${posix.basename(path)}'\nRequire stack:\n- /var/runtime/index.mjs`);
    return this.#load(file, ["/var/runtime/index.mjs"]);
  }

  #resolveFile(path: string): string | undefined {
    const relative = posix.normalize(path).slice(ROOT.length + 1);
    for (const extension of EXTENSIONS) if (this.options.files.has(relative + extension)) return `${ROOT}/${relative}${extension}`;
    return undefined;
  }

  #require(name: string, from: string, stack: readonly string[]): unknown {
    const bare = name.replace(/^node:/, "");
    if (name.startsWith("node:") || !this.#isOwn(name, from)) {
      const builtin = this.options.builtin(bare);
      if (builtin !== undefined) return builtin;
    }
    const file = this.#resolve(name, from);
    if (file) return this.#load(file, stack);
    if (/^@(aws-sdk|smithy)\//.test(name)) {
      const sdk = this.options.sdk(name);
      if (sdk !== undefined) return sdk;
    }
    throw Object.assign(new Error(`Cannot find module '${name}'\nRequire stack:\n${[...stack].reverse().map((one) => `- ${one}`).join("\n")}`), { code: "MODULE_NOT_FOUND" });
  }

  #isOwn(name: string, from: string): boolean {
    return /^[./]/.test(name) || this.#resolve(name, from) !== undefined;
  }

  #resolve(name: string, from: string): string | undefined {
    if (name.startsWith("/")) return this.#resolveFile(name);
    if (/^\.\.?(\/|$)/.test(name)) return this.#resolveFile(posix.join(posix.dirname(from), name));
    for (let folder = posix.dirname(from); folder.startsWith(ROOT); folder = posix.dirname(folder)) {
      const found = this.#resolvePackage(posix.join(folder, "node_modules", name));
      if (found) return found;
    }
    return undefined;
  }

  #resolvePackage(path: string): string | undefined {
    const manifest = this.options.files.get(`${path.slice(ROOT.length + 1)}/package.json`);
    if (manifest) {
      const { exports, main } = JSON.parse(manifest.toString("utf8")) as { exports?: unknown; main?: string };
      const entry = exportedEntry(exports) ?? main;
      const found = entry === undefined ? undefined : this.#resolveFile(posix.join(path, entry));
      if (found) return found;
    }
    return this.#resolveFile(path);
  }

  #load(file: string, stack: readonly string[]): unknown {
    const known = this.#loaded.get(file);
    if (known) return known.exports;
    const text = this.options.files.get(file.slice(ROOT.length + 1))!.toString("utf8");
    const ownStack = [...stack, file];
    const require_ = Object.assign((name: string) => this.#require(name, file, ownStack), { cache: {}, resolve: (name: string) => this.#resolve(name, file) ?? name });
    const module: Module = { exports: {}, id: file, filename: file, loaded: false, children: [], paths: [], require: require_ };
    this.#loaded.set(file, module);
    try {
      if (file.endsWith(".json")) module.exports = JSON.parse(text);
      else {
        const code = this.#isEsModule(file) ? toCommonJs(text, file) : text.replace(/^#!.*/, "");
        const wrapper = compile(code, file).runInContext(this.options.context) as (...args: unknown[]) => void;
        wrapper.call(module.exports, module.exports, require_, module, file, posix.dirname(file));
      }
    } catch (error) {
      this.#loaded.delete(file);
      throw error;
    }
    module.loaded = true;
    return module.exports;
  }

  #isEsModule(file: string): boolean {
    if (file.endsWith(".mjs")) return true;
    if (file.endsWith(".cjs")) return false;
    for (let folder = posix.dirname(file); folder.startsWith(ROOT); folder = posix.dirname(folder)) {
      const manifest = this.options.files.get(posix.join(folder, "package.json").slice(ROOT.length + 1));
      if (manifest) return (JSON.parse(manifest.toString("utf8")) as { type?: string }).type === "module";
    }
    return false;
  }
}

/** The entry of a package's `exports`, for `require`. */
function exportedEntry(exports: unknown): string | undefined {
  if (typeof exports === "string") return exports;
  if (typeof exports !== "object" || exports === null) return undefined;
  const map = exports as Record<string, unknown>;
  for (const key of [".", "require", "node", "default"]) if (key in map) return exportedEntry(map[key]);
  return undefined;
}

function compile(code: string, file: string): Script {
  try {
    return new Script(`(function (exports, require, module, __filename, __dirname) {${code}\n})`, { filename: file });
  } catch (error) {
    throw new RuntimeError("Runtime.UserCodeSyntaxError", `${(error as Error).name}: ${(error as Error).message}`);
  }
}

function toCommonJs(text: string, file: string): string {
  const { transformSync } = require("esbuild") as typeof import("esbuild");
  try {
    return transformSync(text, { format: "cjs", target: "node20", platform: "node", sourcefile: file, logLevel: "silent" }).code;
  } catch (error) {
    if ((error as Error).message.includes("Top-level await")) throw new RuntimeError("NotSupported", notSupported(REFUSED.topLevelAwait));
    throw new RuntimeError("Runtime.UserCodeSyntaxError", (error as Error).message);
  }
}
