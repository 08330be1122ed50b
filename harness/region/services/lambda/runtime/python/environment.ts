/**
 * A Python runtime: a real process of this machine's Python on the region's clock, forked from the parent that has imported
 * boto3, with the package's files below /var/task and its own /tmp. Between invocations none of its threads runs.
 */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { seconds, type Microseconds } from "../../../../../time/clock";
import { everyRealMilliseconds } from "../../../../../time/system-clock";
import type { Program } from "../../../../guest/types";
import { Environment, exitError, type InvocationInput, type Ran } from "../environment";
import type { ErrorPayload } from "../errors";
import { RuntimeApi, type Word } from "./runtime-api";

const SCRIPT = join(__dirname, "bootstrap.py");
/** Of a line within a line: spotproof_lambda/logs.py. */
const LINE_FEED_WITHIN = /\x1e/g; // eslint-disable-line no-control-regex
/** A handler that computes without end is ended after so much real time. */
const LONGEST_REAL_SECONDS = 30;

export class PythonEnvironment extends Environment {
  #api: RuntimeApi | undefined;
  #program: Program | undefined;
  /** Of the process: they cannot be replaced while it runs. */
  #credentialsExpire: Microseconds = 0;
  #starts = 0;

  override get isFit(): boolean {
    const { clock } = this.region;
    return this.#credentialsExpire - clock.now() > seconds(this.configuration.timeout);
  }

  async close(): Promise<void> {
    const [program, api] = [this.#program, this.#api];
    this.#program = this.#api = undefined;
    await program?.kill();
    await api?.close();
  }

  protected async load(deadline: Microseconds): Promise<Ran<undefined>> {
    await this.close();
    const api = (this.#api = new RuntimeApi(this.region.clock, `lambda ${this.configuration.functionName}`));
    await this.#start(api);
    const word = await this.#hear(api, deadline);
    if (word === undefined) {
      await this.close();
      return { kind: "timeout" };
    }
    if (word.kind === "ready") {
      this.#program?.suspend();
      return { kind: "value", value: undefined };
    }
    return this.#failed(word, "");
  }

  protected async run(input: InvocationInput, deadline: Microseconds): Promise<Ran<string | Buffer>> {
    const api = this.#api!;
    this.#program?.resume();
    const { requestId, payload, invokedArn, clientContext } = input;
    api.give({
      requestId, payload, invokedArn, deadline, traceId: `Root=1-${Math.floor(this.region.clock.now() / 1e6).toString(16)}-${this.random.hex(24)};Parent=${this.random.hex(16)};Sampled=0`,
      ...(clientContext === undefined ? {} : { clientContext: Buffer.from(clientContext, "base64").toString("utf8") }),
    });
    const word = await this.#hear(api, deadline);
    if (word === undefined) {
      await this.close();
      return { kind: "timeout" };
    }
    if (word.kind !== "response") return this.#failed(word, requestId);
    this.#program?.suspend();
    return { kind: "value", value: word.body };
  }

  /** What the runtime says, all that it wrote before included; undefined when its time is over. */
  async #hear(api: RuntimeApi, deadline: Microseconds): Promise<Word | undefined> {
    const stopWatching = this.#watch(this.#program!);
    try {
      return await api.hear(deadline);
    } finally {
      stopWatching();
      this.#program?.flush();
    }
  }

  /** Time on the clock stands still while a handler computes: one that does so for too long in real time is ended, and told as timed out. */
  #watch(program: Program): () => void {
    const { clock } = this.region;
    const limit = Math.min(this.configuration.timeout, LONGEST_REAL_SECONDS);
    let [seen, still] = [clock.now(), 0];
    return everyRealMilliseconds(1000, () => {
      still = clock.now() === seen ? still + 1 : 0;
      seen = clock.now();
      if (still >= limit) void program.kill();
    });
  }

  async #start(api: RuntimeApi): Promise<void> {
    const { region, configuration } = this;
    const { guests } = region;
    if (!guests.start) throw new Error(`Functions with the runtime ${configuration.runtime} do not run on a ${region.clock.kind} clock.`);
    const id = `lambda-${configuration.functionName}-${this.logStreamName.slice(-32)}-${++this.#starts}`;
    const folder = join(region.folder, "lambda", id);
    mkdirSync(join(folder, "tmp"), { recursive: true });
    const { role } = this;
    this.#credentialsExpire = role.credentials.expiration;
    this.#program = await guests.start({
      id, script: SCRIPT, folder: this.#unpack(),
      environment: {
        ...this.session.variables(this.logStreamName, {
          LD_LIBRARY_PATH: "/var/lang/lib:/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib",
          AWS_ENDPOINT_URL: region.guestEndpoint,
        }),
        TZ: "UTC", LANG: "C.UTF-8",
        AWS_LAMBDA_RUNTIME_API: await api.listen(),
        SPOTPROOF_TASK: this.#unpack(), SPOTPROOF_TMP: join(folder, "tmp"), SPOTPROOF_PYCACHE: join(region.folder, "lambda", "pycache"),
      },
      onOutput: (line) => this.log.write(`${line.replace(LINE_FEED_WITHIN, "\n")}\n`),
      onExit: (code) => api.exited(code ?? 1),
    });
  }

  /** The folder with the package's files; written once for all environments of a package. */
  #unpack(): string {
    const { code, functionName } = this.configuration;
    const folder = join(this.region.folder, "lambda", "code", `${functionName}-${code.sha256.replace(/\W/g, "").slice(0, 20)}`);
    if (existsSync(folder)) return folder;
    mkdirSync(folder, { recursive: true });
    for (const [path, data] of code.files) {
      const place = join(folder, path);
      mkdirSync(dirname(place), { recursive: true });
      writeFileSync(place, data);
    }
    return folder;
  }

  async #failed(word: Word, requestId: string): Promise<Ran<never>> {
    if (word.kind === "error" || word.kind === "init-error") {
      const error = JSON.parse(word.body) as ErrorPayload;
      if (word.kind === "init-error") await this.close();
      else this.#program?.suspend();
      return { kind: "error", error, payload: word.body, isBroken: word.kind === "init-error" };
    }
    const { errorType, message } = exitError(requestId || this.log.requestId, word.kind === "exit" ? word.status : 1);
    this.log.exited(message);
    await this.close();
    return { kind: "error", error: { errorType, errorMessage: message }, isBroken: true };
  }
}
