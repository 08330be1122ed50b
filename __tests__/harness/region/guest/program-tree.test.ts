/** When a program that is not Python has ended, with all that it left behind. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GuestActor } from "../../../../harness/region/guest/actor";
import { hasProc } from "../../../../harness/region/guest/proc";
import { ProgramTree, type TreeHost } from "../../../../harness/region/guest/program-tree";

type Orphans = ReturnType<TreeHost["orphansOf"]>;
const NONE: Orphans = { pids: [], unclear: false };

const children: ChildProcess[] = [];
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tree-"));
});
afterEach(() => {
  children.splice(0).forEach((child) => child.kill("SIGKILL"));
  rmSync(folder, { recursive: true });
});

/** A process that waits for data that never comes, from a pipe (Node's own are sockets). */
function waiting(): number {
  const child = spawn("bash", ["-c", 'mkfifo "$0" && exec cat <>"$0"', join(folder, "pipe")], { stdio: "ignore" });
  children.push(child);
  return child.pid!;
}

/** What becomes of a tree whose first process has ended, when its orphans are seen like that, look by look, and then as in the last one. */
async function end(looks: Orphans[]): Promise<"over" | "parked"> {
  const root = spawn("true");
  await once(root, "exit");
  return new Promise((resolve) => {
    let isHeld = true;
    const leave = (how: "over" | "parked") => (): void => {
      isHeld = false;
      resolve(how);
    };
    const seat = { get holdsTurn() { return isHeld; }, finish: leave("over"), block: leave("parked"), wake: () => undefined };
    const host: TreeHost = {
      now: () => 0, pythonPids: () => [], orphansOf: () => (looks.length > 1 ? looks.shift() : looks[0])!,
      rootExited: () => undefined, relieveMemory: () => undefined, parked: () => undefined, refuse: () => undefined,
    };
    new ProgramTree({ isForked: false, seat } as unknown as GuestActor, root.pid!, host).takeTurn();
  });
}

const onLinux = hasProc ? it : it.skip;

onLinux("it is over when it leaves nothing behind", async () => {
  expect(await end([NONE])).toBe("over");
});

onLinux("it goes on as what it leaves behind", async () => {
  expect(await end([{ pids: [waiting()], unclear: false }])).toBe("parked");
});

onLinux("it is not over while one that it may have left is about to become another program", async () => {
  const pid = waiting();
  expect(await end([{ pids: [], unclear: true }, { pids: [], unclear: true }, { pids: [pid], unclear: false }])).toBe("parked");
});

onLinux("it is not over when a look has missed what it left", async () => {
  expect(await end([NONE, { pids: [waiting()], unclear: false }])).toBe("parked");
});

onLinux("it does not wait for ever for one that never shows whose it is", async () => {
  expect(await end([{ pids: [], unclear: true }])).toBe("over");
});
