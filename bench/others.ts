/**
 * Other implementations of the States Language, in the same loop, where they are installed: aws-local-stepfunctions in this process
 * (npm install --no-save aws-local-stepfunctions@3.0.0, which asks for Node 22 and runs on 20), and moto's server (pip install 'moto[server,stepfunctions]').
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { CreateStateMachineCommand, DescribeExecutionCommand, SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { number, rate, timed } from "./figures";
import { checkLoop, JSONPATH_LOOP, loopInput } from "./loops";

const MODULES = join(__dirname, "..", "node_modules");
/** What of it is used: its types are an ES module's, its code is a CommonJS one's, too. */
interface LocalStepFunctions { StateMachine: new (definition: object) => { run(input: object): { result: Promise<unknown> } } }
const LOCAL = "aws-local-stepfunctions";

/** It has JSONPath, keeps no history, and gives the result of a run. */
export async function localStepFunctions(runs: number, transitions: number): Promise<string> {
  if (!existsSync(join(MODULES, LOCAL))) return `${LOCAL}: not measured, for it is not installed (npm install --no-save ${LOCAL}@3.0.0)`;
  const { version } = JSON.parse(readFileSync(join(MODULES, LOCAL, "package.json"), "utf8")) as { version: string };
  const { StateMachine } = require(LOCAL) as LocalStepFunctions;
  const machine = new StateMachine(JSONPATH_LOOP);
  const times = await timed(runs, async () => checkLoop(await machine.run(loopInput(transitions)).result, transitions));
  return `${LOCAL} ${version}, JSONPath loop of ${number(transitions)}: ${rate(times, transitions)}`;
}

const PYTHON = process.env["SPOTPROOF_PYTHON"] ?? "python3";
const PROBE = "import moto, moto.server, moto.stepfunctions.parser.api; print(moto.__version__)";

/** One run of a short loop, which takes it seconds. */
export async function motoServer(transitions: number): Promise<string> {
  const probe = spawnSync(PYTHON, ["-c", PROBE], { encoding: "utf8" });
  if (probe.status !== 0) return `moto's server: not measured, for ${PYTHON} cannot import it (${probe.error?.message ?? probe.stderr.trim().split("\n").at(-1)})`;
  const port = await freePort();
  const server = spawn(PYTHON, ["-m", "moto.server", "-p", String(port)], { stdio: "ignore" });
  const endpoint = `http://127.0.0.1:${port}`;
  const sfn = new SFNClient({ endpoint, region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" } });
  try {
    await answering(endpoint, server);
    await fetch(`${endpoint}/moto-api/config`, { method: "POST", body: JSON.stringify({ stepfunctions: { execute_state_machine: true } }) });
    const { stateMachineArn } = await sfn.send(new CreateStateMachineCommand({ name: "loop", definition: JSON.stringify(JSONPATH_LOOP), roleArn: "arn:aws:iam::123456789012:role/bench" }));
    const times = await timed(1, async () => {
      const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(loopInput(transitions)) }));
      for (;;) {
        const { status, output } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
        if (status === "SUCCEEDED") return checkLoop(output, transitions);
        if (status !== "RUNNING") throw new Error(`moto's execution ended ${status}: ${output ?? ""}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }, false);
    return `moto ${probe.stdout.trim()}'s server, JSONPath loop of ${number(transitions)}: ${rate(times, transitions)}`;
  } finally {
    sfn.destroy();
    server.kill();
  }
}

const freePort = (): Promise<number> => new Promise((resolve, reject) => {
  const server = createServer().once("error", reject).listen(0, "127.0.0.1", () => {
    const { port } = server.address() as AddressInfo;
    server.close(() => resolve(port));
  });
});

async function answering(endpoint: string, server: ChildProcess): Promise<void> {
  for (let look = 0; look < 600; look += 1) {
    if (server.exitCode !== null) throw new Error(`moto's server ended with ${server.exitCode}`);
    const answered = await fetch(`${endpoint}/moto-api/`).then(() => true, () => false);
    if (answered) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("moto's server does not answer");
}
