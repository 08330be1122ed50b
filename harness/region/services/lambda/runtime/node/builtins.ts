/**
 * Node's modules that a function may require: those that neither tell the time nor leave the process as they are, the
 * others in forms whose time and randomness are the region's. What is not here is refused by name.
 */
import * as nodeCrypto from "node:crypto";
import * as zlib from "node:zlib";
import type { Random } from "../../../../../time/clock";
import { RuntimeError } from "../errors";
import type { EventLoop } from "./event-loop";
import { performanceOf, timerPromises, timers } from "./globals";

/** Given as they are. */
export const UNCHANGED_MODULES: ReadonlySet<string> = new Set(["assert", "assert/strict", "async_hooks", "buffer", "constants", "diagnostics_channel", "events", "path", "path/posix", "punycode", "querystring", "stream", "stream/promises", "stream/web", "string_decoder", "url", "util", "util/types"]);
/** Real modules of Node that functions cannot have here, and what to do instead. */
export const REFUSED_MODULES: Record<string, string> = {
  http: "it has no network; leave the AWS SDK out of the bundle (external: @aws-sdk/*) and use its clients", https: "it has no network; leave the AWS SDK out of the bundle (external: @aws-sdk/*) and use its clients",
  http2: "it has no network", net: "it has no network", tls: "it has no network", dns: "it has no network", "dns/promises": "it has no network", dgram: "it has no network",
  child_process: "functions share the region's process", cluster: "functions share the region's process", worker_threads: "functions share the region's process", module: "functions are loaded by the region's own loader", vm: "functions run in a context of their own",
};

export interface BuiltinOptions { loop: EventLoop; random: Random; process: object; crypto: object; files: ReadonlyMap<string, Buffer> }

/** The module of that name (without `node:`), or undefined when Node has none. @throws RuntimeError when it is not supported */
export function createBuiltins(options: BuiltinOptions): (name: string) => unknown {
  const { loop } = options;
  const made = new Map<string, unknown>();
  const makers: Record<string, () => unknown> = {
    crypto: () => options.crypto,
    process: () => options.process,
    timers: () => timers(loop),
    "timers/promises": () => timerPromises(loop),
    perf_hooks: () => ({ performance: performanceOf(loop.clock) }),
    zlib: () => trackedZlib(loop),
    os: () => ({ EOL: "\n", arch: () => "x64", platform: () => "linux", type: () => "Linux", release: () => "5.10.0", hostname: () => "localhost", tmpdir: () => "/tmp", homedir: () => "/home/sbx_user1051", cpus: () => [], totalmem: () => 2 ** 27, freemem: () => 2 ** 26, endianness: () => "LE", uptime: () => 0, loadavg: () => [0, 0, 0], networkInterfaces: () => ({}), userInfo: () => ({ username: "sbx_user1051", uid: 993, gid: 990, homedir: "/home/sbx_user1051", shell: null }), constants: { signals: {}, errno: {} } }),
    fs: () => readOnlyFiles(options.files),
    "fs/promises": () => (readOnlyFiles(options.files) as { promises: unknown }).promises,
  };
  return (name) => {
    if (made.has(name)) return made.get(name);
    let found: unknown;
    if (UNCHANGED_MODULES.has(name)) found = require(`node:${name}`);
    else if (Object.hasOwn(makers, name)) found = makers[name]!();
    else if (Object.hasOwn(REFUSED_MODULES, name)) throw new RuntimeError("NotSupported", `The embedded region does not support the module ${name} in functions: ${REFUSED_MODULES[name]}.`);
    made.set(name, found);
    return found;
  };
}

/** The module `crypto`, whose random values are the region's. */
export function regionCrypto(random: Random, loop: EventLoop): object {
  const fill = <T extends NodeJS.ArrayBufferView>(view: T): T => {
    Buffer.from(view.buffer, view.byteOffset, view.byteLength).set(random.bytes(view.byteLength));
    return view;
  };
  const integer = (low: number, high?: number): number => (high === undefined ? random.integer(low) : low + random.integer(high - low));
  const uuid = (): string => random.uuid();
  const bytes = (size: number, callback?: (error: null, data: Buffer) => void): Buffer | undefined => {
    const data = random.bytes(size);
    if (!callback) return data;
    loop.enqueue(() => callback(null, data));
    return undefined;
  };
  const subtle = new Proxy(nodeCrypto.webcrypto.subtle, {
    get: (target, name) => {
      const method = target[name as keyof typeof target] as unknown;
      return typeof method !== "function" ? method : (...args: unknown[]) => {
        const end = loop.startRealWork();
        return (method.apply(target, args) as Promise<unknown>).finally(end);
      };
    },
  });
  const webcrypto = { subtle, getRandomValues: fill, ["randomUUID"]: uuid };
  const overrides: Record<string, unknown> = {
    ["randomUUID"]: uuid, ["randomBytes"]: bytes, pseudoRandomBytes: bytes, getRandomValues: fill, subtle, webcrypto, randomFillSync: fill,
    ["randomInt"]: (low: number, high?: number | ((error: null, value: number) => void), callback?: (error: null, value: number) => void) => {
      const last = typeof high === "function" ? high : callback;
      const value = integer(low, typeof high === "number" ? high : undefined);
      if (!last) return value;
      loop.enqueue(() => last(null, value));
      return undefined;
    },
    randomFill: (view: NodeJS.ArrayBufferView, callback: (error: null, view: NodeJS.ArrayBufferView) => void) => loop.enqueue(() => callback(null, fill(view))),
  };
  for (const name of ["pbkdf2", "scrypt", "hkdf"] as const) overrides[name] = tracked(loop, nodeCrypto[name] as (...args: unknown[]) => void);
  return new Proxy(nodeCrypto, { get: (target, name) => (Object.hasOwn(overrides, name) ? overrides[name as string] : target[name as keyof typeof target]) });
}

/** A function of Node that calls back from a thread: the loop waits for it, and the callback runs in the loop. */
function tracked(loop: EventLoop, run: (...args: unknown[]) => void) {
  return (...args: unknown[]): void => {
    const callback = args.pop() as (...results: unknown[]) => void;
    const end = loop.startRealWork();
    run(...args, (...results: unknown[]) => {
      loop.enqueue(() => callback(...results));
      end();
    });
  };
}

function trackedZlib(loop: EventLoop): object {
  const wrapped = new Map<string, unknown>();
  return new Proxy(zlib, {
    get(target, name) {
      const original = target[name as keyof typeof target] as unknown;
      if (typeof name !== "string" || typeof original !== "function") return original;
      if (/^(create|[A-Z])/.test(name)) return () => { throw new RuntimeError("NotSupported", `The embedded region does not support zlib.${name} in functions; use the functions that take and give whole buffers.`); };
      if (name.endsWith("Sync") || name === "crc32") return original;
      if (!wrapped.has(name)) wrapped.set(name, tracked(loop, original as (...args: unknown[]) => void));
      return wrapped.get(name);
    },
  });
}

/** The package's files below /var/task, and /tmp in memory. */
function readOnlyFiles(files: ReadonlyMap<string, Buffer>): object {
  const temporary = new Map<string, Buffer>();
  const failure = (code: string, path: string, call: string): Error => Object.assign(new Error(`${code}: ${code === "ENOENT" ? "no such file or directory" : "read-only file system"}, ${call} '${path}'`), { code, syscall: call, path });
  const absolute = (path: unknown): string => {
    const text = path instanceof URL ? path.pathname : String(path);
    return text.startsWith("/") ? text : `/var/task/${text.replace(/^\.\//, "")}`;
  };
  const find = (path: unknown): Buffer | undefined => {
    const full = absolute(path);
    return full.startsWith("/tmp/") ? temporary.get(full) : full.startsWith("/var/task/") ? files.get(full.slice("/var/task/".length)) : undefined;
  };
  type Encoding = BufferEncoding | { encoding?: BufferEncoding | null } | null | undefined;
  const readFileSync = (path: unknown, options?: Encoding): Buffer | string => {
    const data = find(path);
    if (!data) throw failure("ENOENT", absolute(path), "open");
    const encoding = typeof options === "string" ? options : options?.encoding;
    return encoding ? data.toString(encoding) : Buffer.from(data);
  };
  const writeFileSync = (path: unknown, data: string | Uint8Array): void => {
    const full = absolute(path);
    if (!full.startsWith("/tmp/")) throw failure("EROFS", full, "open");
    temporary.set(full, Buffer.from(data as string));
  };
  const unlinkSync = (path: unknown): void => {
    const full = absolute(path);
    if (full.startsWith("/var/task/")) throw failure("EROFS", full, "unlink");
    if (!temporary.delete(full)) throw failure("ENOENT", full, "unlink");
  };
  const existsSync = (path: unknown): boolean => find(path) !== undefined || [...files.keys()].some((name) => `/var/task/${name}`.startsWith(`${absolute(path)}/`));
  const accessSync = (path: unknown): void => { if (!existsSync(path)) throw failure("ENOENT", absolute(path), "access"); };
  const promised = <A extends unknown[], R>(run: (...args: A) => R) => async (...args: A): Promise<R> => run(...args);
  const supported: Record<string | symbol, unknown> = {
    readFileSync, writeFileSync, unlinkSync, existsSync, accessSync, constants: {}, default: undefined,
    promises: { readFile: promised(readFileSync), writeFile: promised(writeFileSync), unlink: promised(unlinkSync), access: promised(accessSync) },
  };
  return new Proxy(supported, {
    get: (target, name) => (name in target ? target[name] : () => { throw new RuntimeError("NotSupported", `The embedded region does not support fs.${String(name)} in functions; it has readFile, writeFile (below /tmp), unlink, access and exists.`); }),
  });
}
