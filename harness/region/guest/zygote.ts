/** The host's side of the pre-imported Python parent (python/zygote.py): starts it, has it fork, hears of exits. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withinRealSeconds } from "../../time/system-clock";

/** What to run, and in which surroundings. */
export interface ForkRequest {
  /** The command line; a Python script (python, then perhaps -u, then the script) is run in the fork itself. */
  arguments: string[];
  python: boolean;
  folder: string;
  environment: Record<string, string>;
  /** The file to which its output is appended. */
  output: string;
}

/** A process that was forked here, or a descendant that had lost its parent, has ended; minus the signal's number, if one ended it. */
export type ExitHandler = (pid: number, code: number, forkedHere: boolean) => void;

/** How what is forked lives with the clock: in turns, or as ordinary processes at the clock's pace. */
export type ParentKind = "turns" | "paced";

type Message = { ready: true; boto3: string } | { id: number; pid: number } | { pid: number; code: number; forked: boolean };

export const PYTHON_FOLDER = join(__dirname, "python");

/** A new folder with a short path, because a unix socket's path has at most 107 characters. */
export const shortFolder = (): string => mkdtempSync(join(tmpdir().length > 60 ? "/tmp" : tmpdir(), "spotproof-"));

/** How long the parent may take to import boto3, in real seconds, on a busy machine. */
const START_SECONDS = 60;
/** How long it may take to end all that it forked. */
const END_SECONDS = 10;

export class Zygote {
  /** Its own: the socket on which guests' processes ask for children, and a present for its own imports. */
  private folder: string | undefined;
  private process: ChildProcess | undefined;
  private starting: Promise<void> | undefined;
  private readonly forks = new Map<number, { resolve(pid: number): void; reject(error: Error): void }>();
  private lastId = 0;
  private ended: Promise<void> = Promise.resolve();
  private isEnded = false;
  private lastWords = "";
  /** Told of exits while somebody uses it. */
  onExit: ExitHandler = () => undefined;
  /** Told that a number is a new process's, before any exit of that one. */
  onFork: (pid: number) => void = () => undefined;

  constructor(
    private readonly python: () => Promise<string>,
    private readonly kind: ParentKind,
  ) {}

  /** Valid once it is started. */
  get socketPath(): string {
    return join(this.folder!, "fork");
  }

  get isStarted(): boolean {
    return this.process !== undefined;
  }

  /** Whether it can be used again. */
  get isFit(): boolean {
    return !this.isEnded && this.forks.size === 0;
  }

  /** Undefined before it has been started. */
  get pid(): number | undefined {
    return this.process?.pid;
  }

  /** Resolves once it can fork. Throws UsageError when there is no fit Python, or an Error with the parent's last words. */
  start(): Promise<void> {
    return (this.starting ??= this.launch());
  }

  /** Has it fork; the pid. */
  async fork(request: ForkRequest): Promise<number> {
    await this.start();
    return new Promise((resolve, reject) => {
      const id = ++this.lastId;
      this.forks.set(id, { resolve, reject });
      this.process!.stdin!.write(`${JSON.stringify({ id, ...request })}\n`);
    });
  }

  /** Has it remove that folder, too, should the harness end without doing so. */
  async clean(folder: string): Promise<void> {
    await this.start();
    this.process!.stdin!.write(`${JSON.stringify({ clean: folder })}\n`);
  }

  /** Whether it keeps this process from ending: only while it is used. */
  keepAlive(isUsed: boolean): void {
    const child = this.process;
    for (const each of [child, child?.stdin, child?.stdout, child?.stderr] as ({ ref(): void; unref(): void } | undefined)[]) {
      if (isUsed) each?.ref();
      else each?.unref();
    }
  }

  /** Ends it and everything that it has forked. */
  async close(): Promise<void> {
    await this.starting?.catch(() => undefined);
    const child = this.process;
    if (child) {
      this.keepAlive(true);
      child.stdin!.end();
      await withinRealSeconds(END_SECONDS, this.ended, () => void child.kill("SIGKILL"));
      await this.ended;
    }
    if (this.folder !== undefined) rmSync(this.folder, { recursive: true, force: true });
  }

  private async launch(): Promise<void> {
    const python = await this.python();
    this.folder = shortFolder();
    writeFileSync(join(this.folder, "present"), Buffer.alloc(8));
    const child = spawn(python, ["-u", join(PYTHON_FOLDER, "zygote.py"), this.socketPath, this.kind], {
      // A session of its own: an interrupt typed at the terminal is for the harness, which ends guests in order.
      detached: true,
      stdio: ["pipe", "pipe", "pipe"],
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        PYTHONHASHSEED: "0",
        TZ: "UTC",
        LANG: "C.UTF-8",
        AWS_EC2_METADATA_DISABLED: "true",
        AWS_CONFIG_FILE: "/dev/null",
        AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      },
    });
    this.process = child;
    this.ended = new Promise((resolve) => child.once("close", () => resolve()));
    child.stderr!.setEncoding("utf8").on("data", (text: string) => {
      this.lastWords = (this.lastWords + text).slice(-4000);
    });
    child.stdin!.on("error", () => undefined);
    let rest = "";
    const ready = new Promise<void>((resolve, reject) => {
      child.stdout!.setEncoding("utf8").on("data", (data: string) => {
        const lines = (rest + data).split("\n");
        rest = lines.pop()!;
        for (const line of lines) this.receive(JSON.parse(line) as Message, resolve);
      });
      const fail = (error?: Error) => {
        this.isEnded = true;
        const reason = new Error(`The Python parent of the region's guests ended (${error?.message ?? "unexpectedly"}): ${this.lastWords.trim() || "it said nothing"}`);
        reject(reason);
        for (const fork of this.forks.values()) fork.reject(reason);
        this.forks.clear();
      };
      child.once("error", fail);
      child.once("close", () => fail());
    });
    await withinRealSeconds(START_SECONDS, ready, () => {
      throw new Error(`The Python parent of the region's guests is not ready after ${START_SECONDS} real seconds: ${this.lastWords.trim()}`);
    });
  }

  private receive(message: Message, ready: () => void): void {
    if ("ready" in message) ready();
    else if ("code" in message) this.onExit(message.pid, message.code, message.forked);
    else if ("id" in message) {
      this.onFork(message.pid);
      this.forks.get(message.id)?.resolve(message.pid);
      this.forks.delete(message.id);
    }
  }
}
