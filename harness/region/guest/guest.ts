/** One guest: boots from its user data, runs its units, shuts down, loses its power, stands still. */
import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { seconds, type Clock, type Microseconds } from "../../time/clock";
import { carryOut, runCommand, type CommandHost } from "./commands";
import { FirstBoot, type ScriptHost } from "./first-boot";
import type { Journal } from "./journal";
import { KernelFiles } from "./kernel-files";
import { checkPackage } from "./packages";
import { belowRoot, mapPaths } from "./paths";
import type { ScriptPlaces } from "./script-text";
import { ShellScript } from "./shell-script";
import type { Guest, GuestOptions, GuestScript, RunningScript } from "./types";
import { Unit, type RunningCommand, type UnitHost } from "./unit";
import { parseEnvironmentFile, parseUnit, type UnitFile } from "./unit-file";
import type { FileToWrite } from "./cloud-config";
import { parseUserData } from "./user-data";
import { beyondItsEnd } from "./volume";
import type { Machine, Processes } from "./world";

/** A program that is started from outside the guest. */
interface Program {
  unit: string;
  words: string[];
  isPython: boolean;
  folder?: string;
  environment?: Record<string, string>;
  onExit: (code: number) => void;
}

/** Folders that every guest has. */
const FOLDERS = [
  "dev", "etc/systemd/system", "home/ec2-user", "lib/systemd/system", "media", "mnt", "opt", "root", "srv", "tmp", "usr/lib/systemd/system", "usr/local/bin", "var/lib", "var/log", "var/tmp",
];
/** Between looks at what programs have written onto its volume; the last one is at its end. */
const VOLUME_SECONDS = 5;
const UNIT_FOLDERS = ["/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"];

export interface GuestParts {
  clock: Clock;
  processes: Processes;
  journal: Journal;
  /** Variables that put a process on the clock. */
  environment(processId: string, bootMicroseconds: number, python: string): Record<string, string>;
  /** The folder with the guest's own versions of programs. */
  binFolder: string;
  python: () => Promise<string>;
  /** Its programs have done what is not supported. */
  refused(text: string): void;
  /** It exists no longer. */
  removed(): void;
}

export class RegionGuest implements Guest, UnitHost, CommandHost, Machine, ScriptHost {
  readonly clock: Clock;
  readonly root: string;
  private readonly processes: Processes;
  private readonly units = new Map<string, Unit>();
  private readonly scripts: ShellScript[] = [];
  private readonly kernel: KernelFiles;
  /** More has been written than its volume has room for, which has been told. */
  private isOverfull = false;
  /** When its volume is looked at next. */
  private volumeAt = 0;
  private state: "off" | "on" | "stopping" | "gone" = "off";
  private bootMicroseconds = 0;
  private pythonPath = "";
  private firstBoot: FirstBoot | undefined;

  constructor(
    private readonly options: GuestOptions,
    private readonly parts: GuestParts,
  ) {
    this.clock = parts.clock;
    this.root = options.root;
    this.processes = parts.processes;
    this.kernel = new KernelFiles(options.root);
  }

  async boot(): Promise<void> {
    if (this.state !== "off") throw new Error(`${this.options.instanceId} has been booted before`);
    this.state = "on";
    this.bootMicroseconds = this.clock.now();
    this.kernel.create(this.options.volumeBytes);
    for (const folder of FOLDERS) mkdirSync(join(this.root, folder), { recursive: true });
    const data = parseUserData(this.options.userData);
    data.packages.forEach((name) => checkPackage(name));
    for (const file of data.files) this.writeFile(file);
    this.pythonPath = await this.parts.python();
    this.firstBoot = new FirstBoot(this, this.places());
    await this.firstBoot.run(data.scripts);
    if (this.state === "on") for (const command of data.commands) runCommand(this, command);
  }

  async shutdown(graceSeconds: number): Promise<void> {
    if (this.state === "gone") return;
    this.state = "stopping";
    const stops = [...this.units.values()].map((unit) => this.clock.spawn(`stop ${unit.file.name}`, () => unit.stop(graceSeconds)));
    const { firstBoot } = this;
    if (firstBoot) stops.push(this.clock.spawn("stop user data's scripts", () => firstBoot.stop(graceSeconds)));
    for (const stop of stops) await this.clock.join(stop);
    await this.kill();
  }

  async kill(): Promise<void> {
    if (this.state === "gone") return;
    this.state = "gone";
    this.programRan();
    this.firstBoot?.abandon();
    this.parts.journal.close();
    await this.processes.kill();
    for (const unit of this.units.values()) unit.abandon();
    for (const script of this.scripts) script.end(undefined);
    this.parts.removed();
  }

  suspend(): void {
    this.processes.suspend();
  }

  resume(): void {
    this.processes.resume();
  }

  console(): string {
    return this.parts.journal.text();
  }

  runScript(script: GuestScript): RunningScript {
    if (this.state !== "on") throw new Error(`${this.options.instanceId} is not on`);
    const running = new ShellScript(this, this.places(), script);
    this.scripts.push(running);
    return running;
  }

  powerOff(): void {
    this.note("systemd", "Power off requested.");
    this.options.onPowerOff();
  }

  // What units and commands ask for.

  note(unit: string, text: string): void {
    this.parts.journal.note(unit, text);
  }

  checkUnit(name: string): void {
    this.unit(name);
  }

  startUnit(name: string): void {
    if (this.state === "on") this.unit(name).start();
  }

  withhold(isDropped: () => boolean): Promise<boolean> {
    return this.processes.withhold(isDropped);
  }

  transfer(until: Microseconds): Promise<boolean> {
    return this.processes.transfer(until);
  }

  networkChanged(): void {
    this.processes.networkChanged();
  }

  drops(port: number): boolean {
    return this.options.network?.drops(port) ?? false;
  }

  view(text: string): string {
    return text.replaceAll(`${this.root}/`, "/").replaceAll(this.pythonPath || "/usr/bin/python3", "/usr/bin/python3");
  }

  carryOut(words: string[]): void {
    carryOut(this, words);
  }

  /** OOMScoreAdjust= of a unit; 0 of what is none, as a script of user data. */
  unitScore(unit: string): number {
    return this.units.get(unit)?.file.oomScoreAdjust ?? 0;
  }

  givenScore(pid: number): number | undefined {
    return this.kernel.oomScoreAdjust(pid);
  }

  killing(unit: string, line: string): void {
    this.kernel.oomKilled(unit);
    this.note("kernel", line);
    this.units.get(unit)?.outOfMemory();
  }

  gone(pid: number): void {
    this.kernel.forget(pid);
  }

  programRan(): void {
    const { volumeBytes } = this.options;
    if (volumeBytes === undefined || this.isOverfull || (this.state === "on" && this.clock.now() < this.volumeAt)) return;
    this.volumeAt = this.clock.now() + seconds(VOLUME_SECONDS);
    const trouble = beyondItsEnd(this.root, volumeBytes);
    if (trouble === undefined) return;
    this.isOverfull = true;
    this.note("kernel", `spotproof: ${trouble}`);
    this.parts.refused(trouble);
  }

  outputFor(unit: string): string {
    return this.parts.journal.outputFor(unit);
  }

  start(unit: UnitFile, onExit: (code: number) => void): RunningCommand {
    const environment = this.unitEnvironment(unit);
    const words = unit.command.map((word) => mapPaths(this.root, substitute(word, environment)));
    const isPython = /^\/usr\/bin\/python3(\.\d+)?$/.test(unit.command[0]!);
    if (isPython) words[0] = this.pythonPath;
    const folder = unit.workingDirectory === undefined ? this.root : mapPaths(this.root, unit.workingDirectory);
    return this.launch({ unit: unit.name, words, isPython, folder, environment, onExit });
  }

  launch({ unit, words, isPython, folder = this.root, environment = this.environment(), onExit }: Program): RunningCommand {
    const script = words.slice(1).find((word) => word !== "-u");
    this.kernel.admit(unit, this.unitScore(unit));
    return this.processes.launch({
      unit,
      arguments: words,
      // What the interpreter's other options mean is for the interpreter itself.
      python: isPython && script !== undefined && !script.startsWith("-"),
      folder,
      environment: (processId) => ({ ...environment, SPOTPROOF_ROOT: this.root, SPOTPROOF_UNIT: unit, ...this.parts.environment(processId, this.bootMicroseconds, this.pythonPath) }),
      onExit: (code) => onExit(code ?? 0),
    });
  }

  signalAll(unit: string, signal: number): Promise<void> {
    return this.processes.signalUnit(unit, signal);
  }

  hasProcesses(unit: string): boolean {
    return this.processes.hasProcesses(unit);
  }

  private places(): ScriptPlaces {
    const metadataEndpoint = this.options.environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"];
    return { root: this.root, binFolder: this.parts.binFolder, python: this.pythonPath, ...(metadataEndpoint === undefined ? {} : { metadataEndpoint }) };
  }

  private unit(name: string): Unit {
    const known = this.units.get(name);
    if (known) return known;
    const path = UNIT_FOLDERS.map((folder) => belowRoot(this.root, join(folder, name))).find(existsSync);
    if (path === undefined) throw new Error(`Unit ${name} not found: user data must write it below ${UNIT_FOLDERS.join(" or ")}`);
    const unit = new Unit(parseUnit(name, readFileSync(path, "utf8")), this);
    this.units.set(name, unit);
    return unit;
  }

  /** What every program of the guest finds in its environment. */
  private environment(): Record<string, string> {
    const home = join(this.root, "root");
    return {
      PATH: [join(this.root, "usr/local/bin"), this.parts.binFolder, dirname(this.pythonPath), "/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"].join(delimiter),
      HOME: home,
      USER: "root",
      LOGNAME: "root",
      SHELL: "/bin/sh",
      LANG: "C.UTF-8",
      TZ: "UTC",
      TMPDIR: join(this.root, "tmp"),
      // The developer's own configuration and credentials are no business of a guest's, and nothing is to be installed on this machine.
      AWS_CONFIG_FILE: join(home, ".aws", "config"),
      AWS_SHARED_CREDENTIALS_FILE: join(home, ".aws", "credentials"),
      BOTO_CONFIG: "/dev/null",
      PIP_NO_INDEX: "1",
      ...this.options.environment,
      ...(this.options.network ? { SPOTPROOF_NETWORK: this.options.network.ports.join(",") } : {}),
    };
  }

  private unitEnvironment(unit: UnitFile): Record<string, string> {
    const environment = this.environment();
    if (unit.stateDirectory !== undefined) {
      environment.STATE_DIRECTORY = belowRoot(this.root, join("/var/lib", unit.stateDirectory));
      mkdirSync(environment.STATE_DIRECTORY, { recursive: true });
    }
    const own = { ...unit.environment };
    for (const { path, optional } of unit.environmentFiles) {
      const place = belowRoot(this.root, path);
      if (existsSync(place)) Object.assign(own, parseEnvironmentFile(readFileSync(place, "utf8")));
      else if (!optional) throw new Error(`${unit.name}: EnvironmentFile=${path} does not exist`);
    }
    for (const [name, value] of Object.entries(own)) environment[name] = mapPaths(this.root, value);
    return environment;
  }

  private writeFile(file: FileToWrite): void {
    const path = belowRoot(this.root, file.path);
    mkdirSync(dirname(path), { recursive: true });
    if (file.append) appendFileSync(path, file.content);
    else writeFileSync(path, file.content);
    chmodSync(path, file.mode);
  }
}

/** `${NAME}` in a command's word. https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#Command%20lines */
const substitute = (word: string, environment: Record<string, string>): string =>
  word.replace(/\$\$|\$\{(\w+)\}/g, (whole, name: string | undefined) => (whole === "$$" ? "$" : (environment[name!] ?? "")));
