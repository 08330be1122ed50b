/**
 * `process` as a function sees it. Its environment is the function's own; time is the region's.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
import { EventEmitter } from "node:events";
import type { Clock } from "../../../../../time/clock";
import type { Configuration } from "../../store";
import { RuntimeError } from "../errors";
import type { EventLoop } from "./event-loop";
import type { InvocationLog } from "../log";

export interface ProcessOptions { clock: Clock; loop: EventLoop; log: InvocationLog; configuration: Configuration; environment: Record<string, string>; exitError: (status: number) => Error }

export function createProcess({ clock, loop, log, configuration, environment, exitError }: ProcessOptions): object {
  const start = clock.now();
  const elapsed = (): number => clock.now() - start;
  const version = `v${/\d+/.exec(configuration.runtime)![0]}.0.0`;
  const hrtime = (before?: [number, number]): [number, number] => {
    const nanoseconds = elapsed() * 1000;
    const now: [number, number] = [Math.floor(nanoseconds / 1e9), nanoseconds % 1e9];
    if (!before) return now;
    const [seconds, rest] = [now[0] - before[0], now[1] - before[1]];
    return rest < 0 ? [seconds - 1, rest + 1e9] : [seconds, rest];
  };
  const exit = (code = 0): never => {
    const error = exitError(code);
    loop.throwOut(error);
    throw error;
  };
  const output = { write: (text: string | Uint8Array): boolean => (log.write(typeof text === "string" ? text : Buffer.from(text).toString("utf8")), true), isTTY: false, fd: 1, on: () => output, once: () => output, end: () => undefined };
  return Object.assign(new EventEmitter(), {
    env: textsOnly(environment),
    version, versions: { ...process.versions, node: version.slice(1) }, release: { name: "node" },
    arch: configuration.architectures[0] === "arm64" ? "arm64" : "x64", platform: "linux", pid: 2, ppid: 1, title: "node", execPath: "/var/lang/bin/node", execArgv: [], argv: ["/var/lang/bin/node", "/var/runtime/index.mjs"], exitCode: undefined,
    cwd: () => "/var/task",
    nextTick: (callback: (...args: unknown[]) => void, ...args: unknown[]) => process.nextTick(() => loop.guard(() => callback(...args))),
    hrtime: Object.assign(hrtime, { bigint: () => BigInt(Math.round(elapsed() * 1000)) }),
    uptime: () => elapsed() / 1e6,
    memoryUsage: Object.assign(() => ({ rss: 64 * 2 ** 20, heapTotal: 32 * 2 ** 20, heapUsed: 16 * 2 ** 20, external: 0, arrayBuffers: 0 }), { rss: () => 64 * 2 ** 20 }),
    cpuUsage: () => ({ user: 0, system: 0 }),
    emitWarning: (warning: unknown) => log.console("WARN", [warning]),
    exit, abort: () => exit(134), kill: () => { throw new RuntimeError("NotSupported", "The embedded region does not support process.kill in functions."); },
    stdout: output, stderr: { ...output, fd: 2 },
    umask: () => 0o22, getuid: () => 993, getgid: () => 990,
  });
}

/** Variables are texts, whatever is assigned. */
function textsOnly(environment: Record<string, string>): Record<string, string> {
  return new Proxy(environment, {
    set(target, name, value) {
      target[String(name)] = String(value);
      return true;
    },
  });
}
