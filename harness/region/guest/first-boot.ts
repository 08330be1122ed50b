/**
 * The scripts of user data: run once, as root, one after the other, as cloud-init's last stage does; what they leave in the
 * background goes on until the machine shuts down. Their output is on the console and in /var/log/cloud-init-output.log.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html#user-data-shell-scripts https://docs.cloud-init.io/en/latest/reference/modules.html#scripts-user
 */
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { seconds, type Clock, type Gate } from "../../time/clock";
import { belowRoot } from "./paths";
import { interpreterOf, localize, type ScriptPlaces } from "./script-text";
import type { Script } from "./user-data";

/** As whose output the console shows theirs. */
const CLOUD_INIT = "cloud-init";
const FOLDER = "/var/lib/cloud/instance/scripts";
const OUTPUT = "/var/log/cloud-init-output.log";
const LOOK_SECONDS = 0.1;

/** What the scripts ask of their guest. */
export interface ScriptHost {
  readonly clock: Clock;
  launch(program: { unit: string; words: string[]; isPython: boolean; onExit: (code: number) => void }): void;
  /** The file to which a unit's output is appended. */
  outputFor(unit: string): string;
  signalAll(unit: string, signal: number): Promise<void>;
  hasProcesses(unit: string): boolean;
  note(unit: string, text: string): void;
}

export class FirstBoot {
  private readonly ended: Gate;
  private stopping = false;

  constructor(private readonly host: ScriptHost, private readonly places: ScriptPlaces) {
    this.ended = host.clock.gate("the end of a script of user data");
  }

  /** Parks the running actor until the last of them has ended; returns earlier when the machine does. */
  async run(scripts: readonly Script[]): Promise<void> {
    if (scripts.length === 0) return;
    mkdirSync(belowRoot(this.places.root, FOLDER), { recursive: true });
    symlinkSync(this.host.outputFor(CLOUD_INIT), belowRoot(this.places.root, OUTPUT));
    let failed = false;
    for (const script of scripts) {
      const code = await this.runOne(script);
      if (this.stopping) return;
      if (code === 0) continue;
      failed = true;
      this.host.note(CLOUD_INIT, `Failed running ${FOLDER}/${script.name} [${code}]`);
    }
    if (failed) this.host.note(CLOUD_INIT, `Failed to run module scripts_user (scripts in ${FOLDER})`);
  }

  private async runOne({ name, text }: Script): Promise<number> {
    const path = join(belowRoot(this.places.root, FOLDER), name);
    writeFileSync(path, localize(text, this.places));
    chmodSync(path, 0o700);
    const { words, isPython } = interpreterOf(text, this.places);
    let code: number | undefined;
    this.host.launch({
      unit: CLOUD_INIT, words: [...words, path], isPython,
      onExit: (ended) => {
        code = ended;
        this.ended.open();
      },
    });
    while (code === undefined && !this.stopping) await this.ended.wait();
    return code ?? 0;
  }

  /** The operating system shuts down: SIGTERM to all that is left of them, and so many seconds to end. */
  async stop(graceSeconds: number): Promise<void> {
    this.abandon();
    const { clock } = this.host;
    if (!this.host.hasProcesses(CLOUD_INIT)) return;
    const until = clock.now() + seconds(graceSeconds);
    await this.host.signalAll(CLOUD_INIT, constants.signals.SIGTERM);
    while (this.host.hasProcesses(CLOUD_INIT) && clock.now() < until) await clock.sleep(Math.min(seconds(LOOK_SECONDS), until - clock.now()));
  }

  /** No further script is started. */
  abandon(): void {
    this.stopping = true;
    this.ended.open();
  }
}
