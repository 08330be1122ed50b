/**
 * The agent of one instance, step by step: a step is one request of it, or what it decides of what it has read. Everything that it
 * remembers is lost with its process, except that it has done its part (`done`, a file).
 */
import { copy, AGENT, DEADLINE, ENDING, I, L, LATE, M, MACHINE, of, OWNER, P, REASON, VM, WHY, forget, type State } from "./state";
import * as decide from "./decisions";
import * as ledger from "./ledger";
import type { Rules } from "./rules";
import { strike, type Emit } from "./steps";

/** A conditional write of an agent: what it changes, and where the agent stands after each outcome. */
interface Write {
  label: string;
  /** @returns whether the condition held. */
  apply(s: State): boolean;
  done(s: State): void;
  refused(s: State): void;
  /** No answer came, and the agent gives the request up. Without it, the agent makes it again. */
  lost?(s: State): void;
  /** What the write breaks of the invariants, if its condition held. */
  breaks?(before: State): string | undefined;
  /** It may come, but nobody may have to wait for it. */
  optional?: boolean;
  /** The same request, on its way. */
  late: number;
  step?: number;
  base?: number;
}

export function agentSteps(s: State, n: number, r: Rules, emit: Emit): void {
  const o = of(n);
  const vm = s[I.vm + o]!;
  if ((vm !== VM.running && vm !== VM.stopping) || s[I.hung + o]) return;
  const g = r.guards;
  const epoch = s[I.epoch + o]!;
  const why = s[I.why + o]!;
  const at = s[I.at + o]!;

  const step = (label: string, change: (t: State) => void, optional = false): void => {
    const t = copy(s);
    change(t);
    emit(label, n, t, optional && r.patience !== "anything");
  };
  const goTo = (place: number) => (t: State): void => void (t[I.at + o] = place);

  function write(w: Write): void {
    const t = copy(s);
    const held = w.apply(t);
    const broken = held ? w.breaks?.(s) : undefined;
    const written = copy(t);
    if (held) w.done(t);
    else w.refused(t);
    const gaveUp = !held && t[I.at + o] === AGENT.leave && s[L.ownerEpoch] === epoch && s[L.ownerInstance] === n && s[L.ownerState] !== OWNER.released;
    emit(held ? w.label : `${w.label}: refused`, n, t, w.optional === true && r.patience !== "anything", gaveUp ? "an owner gives up a job that is its own" : broken);
    if (held) {
      const again = strike(written, "lose answer", r);
      if (again !== undefined) {
        emit(`${w.label}, but the answer is lost, and it asks again`, n, again, true, broken);
        if (w.lost !== undefined) {
          const given = copy(again);
          w.lost(given);
          emit(`${w.label}, but the answer is lost, and it gives the request up`, n, given, true, broken);
        }
      }
    }
    if (s[P.late] !== LATE.none ) return;
    const late = strike(s, "late write", r);
    if (late === undefined) return;
    late[P.late] = w.late;
    late[P.lateInstance] = n;
    late[P.lateEpoch] = epoch;
    late[P.lateSequence] = s[I.sequence + o]!;
    late[P.lateStep] = w.step ?? 0;
    late[P.lateBase] = w.base ?? 0;
    late[P.lateRun] = s[I.run + o]!;
    emit(`${w.label}: no answer, the request is still on its way, and it asks again`, n, late, true);
    if (w.lost !== undefined) {
      const given = copy(late);
      w.lost(given);
      emit(`${w.label}: no answer, the request is still on its way, and it gives it up`, n, given, true);
    }
  }

  /** What it may know of by now: nothing yet, or what its operating system, metadata or the ledger say. It may learn of it at any time. */
  const known: number[] = [WHY.none];
  if (vm === VM.stopping) known.push(WHY.terminate);
  else if (s[I.shown + o] || (s[I.doomed + o] && ledger.isNoticed(s, n))) known.push(WHY.notice);
  else if (s[I.rebalance + o] && epoch !== 0 && s[L.rebalancedLaunch] !== n) known.push(WHY.migrate);

  switch (at) {
    case AGENT.off:
      if (vm === VM.running) step("its agent starts", goTo(s[I.done + o] && g["agent: done once, it does nothing again"] ? AGENT.leave : AGENT.look));
      return;

    case AGENT.look: {
      const token = ledger.assigned(s, n) ? s[L.taskToken]! : s[I.knownToken + o]!;
      for (const { why, late } of known.flatMap(moments)) {
        const decision = decide.successor(s, n, why, late, g);
        const then = (label: string, place: number, more: (t: State) => void = () => {}): void =>
          step(label, (t) => {
            t[I.knownToken + o] = token;
            t[I.why + o] = why;
            t[I.at + o] = place;
            more(t);
          });
        if (decision === "take-over") then("sees that it may take over", AGENT.take, (t) => (t[I.epoch + o] = s[L.ownerEpoch]!));
        else if (decision === "ready") then("sees that it must wait for the owner", AGENT.ready, (t) => (t[I.epoch + o] = s[L.ownerEpoch]!));
        else if (decision === "stand-in") then("sees that it may stand in for whoever has the task", AGENT.standIn, (t) => (t[I.epoch + o] = s[L.ownerEpoch]!));
        else if (decision === "answer" && s[M.token] === token && s[M.machine] === MACHINE.wait) then("sees that its notice ends its task", AGENT.tell);
        else if (decision === "release") then("sees that an earlier life of its own owns the job", AGENT.releaseEarlier, (t) => (t[I.epoch + o] = s[L.ownerEpoch]!));
        else if (decision === "report") then("sees that the job is finished", AGENT.report, (t) => (t[I.answer + o] = ENDING.finished));
        else if (decision === "leave") then("sees that there is nothing to do for it", why === WHY.none ? AGENT.leave : AGENT.answer);
        else if (token !== s[I.knownToken + o]) then("learns of its task", AGENT.look);
        else {
          const waits = s[M.current] === n && (s[M.machine] === MACHINE.give || s[M.machine] === MACHINE.wait);
          const t = waits ? strike(s, "claim timeout", r) : copy(s);
          if (t === undefined) continue;
          t[I.at + o] = AGENT.leave;
          emit("has waited long enough for the job", n, t, waits);
        }
      }
      return;
    }

    case AGENT.take:
    case AGENT.standIn: {
      const standsIn = at === AGENT.standIn;
      write({
        label: standsIn ? "stands in" : "takes over",
        apply: (t) => (standsIn ? ledger.standIn : ledger.takeOver)(t, n, epoch, g),
        done: (t) => {
          t[I.epoch + o] = epoch + 1;
          t[I.at + o] = AGENT.restore;
        },
        refused: goTo(AGENT.takeCheck),
        lost: (t) => {
          t[I.epoch + o] = 0;
          t[I.at + o] = AGENT.look;
        },
        breaks: (before) => (standsIn ? standInBreaks : takeOverBreaks)(before, n, r),
        late: standsIn ? LATE.standIn : LATE.take,
      });
      return;
    }
    case AGENT.takeCheck:
      step("reads back whether it has taken over", (t) => {
        const mine = s[L.ownerEpoch] === epoch + 1 && s[L.ownerInstance] === n;
        t[I.epoch + o] = mine ? epoch + 1 : 0;
        t[I.at + o] = mine ? AGENT.restore : AGENT.look;
      });
      return;

    case AGENT.ready: {
      const look = (t: State): void => {
        t[I.epoch + o] = 0;
        t[I.at + o] = AGENT.look;
      };
      write({ label: "says that it is ready", apply: (t) => ledger.ready(t, n, epoch, g), done: look, refused: look, lost: look, late: LATE.ready });
      return;
    }
    case AGENT.releaseEarlier:
      write({
        label: "releases for its earlier life",
        apply: (t) => ledger.releaseEarlier(t, n, epoch),
        done: goTo(AGENT.leave),
        refused: (t) => {
          t[I.epoch + o] = 0;
          t[I.at + o] = AGENT.look;
        },
        lost: goTo(AGENT.leave),
        late: LATE.releaseEarlier,
      });
      return;

    case AGENT.restore:
      step("restores the last save", (t) => {
        t[I.base + o] = s[L.step]!;
        t[I.sequence + o] = s[L.sequence]!;
        t[I.at + o] = s[L.ownerEpoch] === epoch && s[L.ownerState] === OWNER.handingOver ? AGENT.run : AGENT.start;
      });
      return;
    case AGENT.start:
      write({
        label: "says that it works",
        apply: (t) => ledger.work(t, epoch, g),
        done: goTo(AGENT.run),
        refused: goTo(AGENT.leave),
        lost: goTo(AGENT.run),
        breaks: (before) => ownWriteBreaks(before, n, epoch),
        late: LATE.work,
      });
      return;

    case AGENT.run: {
      if (s[I.base + o]! >= r.steps) {
        step("its job has finished", finishes(o));
        return;
      }
      commit();
      refreshToken();
      for (const { why, late } of known.flatMap(moments)) {
        const decision = decide.owner(s, n, epoch, why, late, g);
        const goTo = (place: number) => (t: State): void => {
          t[I.why + o] = why;
          t[I.at + o] = place;
        };
        if (decision === "stop") step("sees that another owns the job", goTo(AGENT.leave));
        else if (decision === "hand-over") step("decides to hand over", goTo(AGENT.handOver), late);
        else if (decision === "save") step("decides to save for the last time", goTo(AGENT.saving), late && decide.owner(s, n, epoch, why, false, g) !== "save");
      }
      const t = strike(s, "job fails", r);
      if (t !== undefined) {
        t[I.answer + o] = ENDING.jobFailed;
        t[I.done + o] = 1;
        t[I.at + o] = AGENT.release;
        emit("its job fails", n, t, true);
      }
      return;
    }
    case AGENT.commitCheck:
      step("reads back why its commit was refused", (t) => {
        if (s[L.ownerEpoch] !== epoch) {
          t[I.at + o] = AGENT.leave;
        } else if (s[L.lastEpoch] === epoch && s[L.lastRun] === s[I.run + o] && s[L.step] === s[I.base + o]! + 1) {
          t[I.sequence + o] = s[L.sequence]!;
          committed(t);
        } else if (g["commit: takes another sequence under its own epoch for its own only if this run tried that save"]) {
          t[I.at + o] = AGENT.leave;
        } else {
          t[I.sequence + o] = s[L.sequence]!;
          t[I.at + o] = AGENT.run;
        }
      });
      return;

    case AGENT.handOver:
      write({
        label: "says that it hands over",
        apply: (t) => ledger.handOver(t, epoch, OWNER.handingOver, g) && rebalanced(t, n, why),
        done: goTo(AGENT.answer),
        refused: goTo(AGENT.leave),
        lost: goTo(AGENT.answer),
        breaks: (before) => ownWriteBreaks(before, n, epoch),
        late: LATE.handOver,
      });
      return;
    case AGENT.answer:
      step("answers its task with the notice", (t) => {
        const token = s[I.knownToken + o]!;
        if (token !== 0 && s[M.token] === token && s[M.machine] === MACHINE.wait) answer(t, why === WHY.migrate ? ENDING.migrate : ENDING.notice);
        t[I.at + o] = epoch === 0 ? AGENT.leave : why === WHY.terminate ? AGENT.save : AGENT.run;
      });
      return;

    case AGENT.tell:
      step("answers its task with the notice, and stays", (t) => {
        const token = s[I.knownToken + o]!;
        if (token !== 0 && s[M.token] === token && s[M.machine] === MACHINE.wait) answer(t, ENDING.notice);
        t[I.at + o] = AGENT.look;
      });
      return;

    case AGENT.saving:
      write({
        label: "says that it saves for the last time",
        apply: (t) => ledger.handOver(t, epoch, OWNER.saving, g),
        done: goTo(why === WHY.terminate ? AGENT.answer : AGENT.save),
        refused: goTo(AGENT.leave),
        lost: goTo(why === WHY.terminate ? AGENT.answer : AGENT.save),
        breaks: (before) => ownWriteBreaks(before, n, epoch),
        late: LATE.save,
      });
      return;
    case AGENT.save:
      if (s[I.base + o]! < r.steps) commit();
      step("has nothing to save", (t) => {
        t[I.answer + o] = ENDING.saved;
        t[I.done + o] = 1;
        t[I.at + o] = AGENT.release;
      });
      return;

    case AGENT.release: {
      const outcome = s[I.answer + o]!;
      const reason = outcome === ENDING.finished ? REASON.finished : outcome === ENDING.jobFailed ? REASON.jobFailed : REASON.saved;
      write({
        label: outcome === ENDING.finished ? "finishes and releases" : "releases",
        apply: (t) => ledger.release(t, epoch, reason, g),
        done: goTo(AGENT.report),
        refused: goTo(AGENT.leave),
        lost: goTo(AGENT.leave),
        breaks: (before) => ownWriteBreaks(before, n, epoch),
        late: outcome === ENDING.finished ? LATE.finish : LATE.release,
      });
      return;
    }
    case AGENT.report:
      step("reports how it ended", (t) => {
        const outcome = s[I.answer + o]!;
        const any = (outcome === ENDING.finished || outcome === ENDING.jobFailed) && g["owner: finished, it answers the token that the ledger holds"];
        const token = any ? s[L.taskToken] : s[I.knownToken + o];
        if (token !== 0 && s[M.token] === token && s[M.machine] === MACHINE.wait) answer(t, outcome);
        t[I.at + o] = AGENT.leave;
      });
      return;

  }

  function committed(t: State): void {
    t[I.base + o]! += 1;
    if (t[I.base + o]! >= r.steps) finishes(o)(t);
    else if (at === AGENT.save || s[L.ownerState] === OWNER.saving) {
      t[I.answer + o] = ENDING.saved;
      t[I.done + o] = 1;
      t[I.at + o] = AGENT.release;
    } else t[I.at + o] = AGENT.run;
  }

  function commit(): void {
    const base = s[I.base + o]!;
    const save = { step: base + 1, run: s[I.run + o]! };
    write({
      label: "commits a save",
      apply: (t) => ledger.commit(t, epoch, s[I.sequence + o]!, save, g),
      done: (t) => {
        t[I.sequence + o]! += 1;
        committed(t);
      },
      refused: g["commit: a refusal is read back"] ? goTo(AGENT.commitCheck) : goTo(AGENT.leave),
      lost: () => {},
      breaks: (before) => commitBreaks(before, base, n, epoch),
      optional: at === AGENT.run,
      late: LATE.commit,
      step: base + 1,
      base,
    });
  }

  /** A heartbeat whose token waits no more finds another in the ledger: the state machine had to write the task again. */
  function refreshToken(): void {
    if (ledger.assigned(s, n) && s[L.taskToken] !== s[I.knownToken + o]) step("finds another token of its task", (t) => (t[I.knownToken + o] = s[L.taskToken]!));
  }
}

/** What it knows, before its last safe moment and after it. */
const moments = (why: number): { why: number; late: boolean }[] => (why === WHY.notice ? [false, true] : [false]).map((late) => ({ why, late }));

const finishes = (o: number) => (t: State): void => {
  t[I.answer + o] = ENDING.finished;
  t[I.done + o] = 1;
  t[I.at + o] = AGENT.release;
};

/** Whether an instance sends no heartbeats any more. */
export function agentIsSilent(s: State, n: number): boolean {
  const o = of(n);
  return s[I.vm + o] === VM.gone || s[I.hung + o] === 1;
}

/** Step Functions takes an answer to the waiting task. */
export function answer(t: State, ending: number): void {
  t[M.ending] = ending;
  t[M.token] = 0;
  t[M.machine] = ending === ENDING.notice || ending === ENDING.migrate ? MACHINE.let : MACHINE.terminate;
}

/** The instance begins to shut down; when nothing runs on it, that it is gone comes at once. */
export function stop(t: State, n: number): void {
  const o = of(n);
  if (t[I.hung + o] || t[I.at + o] === AGENT.off) return gone(t, n);
  t[I.stoppingDue + o] = 1;
  t[I.vm + o] = VM.stopping;
}

/** Nothing is left of the instance but that it must be told. Who powers off has come so far, too: nothing of it matters any more. */
export function gone(t: State, n: number): void {
  const o = of(n);
  forget(t, n);
  if (t[I.vm + o] === VM.running) t[I.stoppingDue + o] = 1;
  t[I.vm + o] = VM.gone;
  t[I.goneDue + o] = 1;
  t[I.doomed + o] = t[I.shown + o] = t[I.rebalance + o] = t[I.done + o] = t[I.hung + o] = t[I.execution + o] = 0;
}

function rebalanced(t: State, n: number, why: number): true {
  if (why === WHY.migrate) t[L.rebalancedLaunch] = n;
  return true;
}

/** A request that its client has given up arrives. */
export function lateWrite(s: State, r: Rules, emit: Emit): void {
  const kind = s[P.late]!;
  if (kind === LATE.none) return;
  const n = s[P.lateInstance]!;
  const epoch = s[P.lateEpoch]!;
  const g = r.guards;
  const forgotten = copy(s);
  for (const field of Object.values(P)) forgotten[field] = 0;
  emit("a late request is lost", n, forgotten, false);
  const t = copy(forgotten);
  const own = ownWriteBreaks(s, n, epoch);
  let held = false;
  let broken: string | undefined;
  switch (kind) {
    case LATE.take:
    case LATE.standIn:
      held = (kind === LATE.take ? ledger.takeOver : ledger.standIn)(t, n, epoch, g);
      broken = (kind === LATE.take ? takeOverBreaks : standInBreaks)(s, n, r) ?? (owns(s, n) ? "an owner is superseded by its own late request" : undefined);
      break;
    case LATE.ready:
      held = ledger.ready(t, n, epoch, g);
      broken = s[L.ownerInstance] === n ? "a late request gives an owner a lease that nobody renews" : undefined;
      break;
    case LATE.releaseEarlier: held = ledger.releaseEarlier(t, n, epoch); break;
    case LATE.work: held = ledger.work(t, epoch, g); broken = own; break;
    case LATE.handOver: held = ledger.handOver(t, epoch, OWNER.handingOver, g); broken = own; break;
    case LATE.save: held = ledger.handOver(t, epoch, OWNER.saving, g); broken = own; break;
    case LATE.commit:
      held = ledger.commit(t, epoch, s[P.lateSequence]!, { step: s[P.lateStep]!, run: s[P.lateRun]! }, g);
      broken = commitBreaks(s, s[P.lateBase]!, n, epoch);
      break;
    case LATE.give: held = ledger.give(t, n, epoch, s[P.lateRun]!, g); broken = giveBreaks(s, s[P.lateRun]!); break;
    case LATE.release: held = ledger.release(t, epoch, REASON.saved, g); broken = own; break;
    case LATE.finish: held = ledger.release(t, epoch, REASON.finished, g); broken = own; break;
  }
  if (held) emit(`its late request arrives (${Object.entries(LATE).find(([, value]) => value === kind)![0]})`, n, t, false, broken);
}

/** A task given by an execution that does not run the job, or once all is done. */
export function giveBreaks(before: State, execution: number): string | undefined {
  if (before[L.ownerReason] === REASON.jobFailed && before[L.execution] === execution) return "a failed job is given to another instance";
  return before[L.finished] ? "a task given after the end" : before[L.execution] !== execution ? "a task given by another execution" : undefined;
}

function ownWriteBreaks(before: State, n: number, epoch: number): string | undefined {
  return before[L.ownerEpoch] === epoch && before[L.ownerInstance] === n ? undefined : "a superseded instance has written";
}

function commitBreaks(before: State, base: number, n: number, epoch: number): string | undefined {
  if (before[L.finished]) return "a commit after the end";
  return ownWriteBreaks(before, n, epoch) ?? (before[L.step] === base ? undefined : "a commit does not extend the last one");
}

/** Whether an instance owns the job, and knows it. */
const owns = (s: State, n: number): boolean => s[L.ownerInstance] === n && s[I.epoch + of(n)] === s[L.ownerEpoch] && s[I.at + of(n)]! >= AGENT.restore && s[I.at + of(n)]! < AGENT.report;

function takeOverBreaks(before: State, n: number, r: Rules): string | undefined {
  if (before[L.finished]) return "taken over after the end";
  if (before[L.taskInstance] !== n) return "taken over without the task";
  if (before[L.ownerInstance] === n && before[L.ownerState] === OWNER.released) return "taken up again by what has released it";
  return takenBreaks(before, n, r);
}

function standInBreaks(before: State, n: number, r: Rules): string | undefined {
  if (before[L.finished]) return "taken over after the end";
  if (before[L.ownerReason] === REASON.jobFailed) return "a failed job is taken up again";
  return takenBreaks(before, n, r);
}

/** An owner that may live, and loses the job. */
function takenBreaks(before: State, n: number, r: Rules): string | undefined {
  const former = before[L.ownerInstance]!;
  if (former === 0 || former === n || before[L.ownerState] === OWNER.released || before[L.ownerState] === OWNER.none) return undefined;
  if (before[L.ownerState] === OWNER.dead) return r.patience === "nothing" && before[I.vm + of(former)] === VM.running ? "a working owner loses the job, though nobody had to wait" : undefined;
  if (before[L.ownerDeadline] === DEADLINE.past) return before[L.leaseOf] === former ? undefined : "taken over by the deadline of an earlier owner";
  // Whoever takes a job up from another execution has terminated that one's instances, and waits for none.
  if (before[I.execution + of(former)] !== before[I.execution + of(n)]) return undefined;
  return "taken over from an owner that may live";
}

/** Faults of processes. */
export function agentFaults(s: State, n: number, r: Rules, emit: Emit): void {
  const o = of(n);
  if (s[I.vm + o] !== VM.running) return;
  const at = s[I.at + o]!;
  if (at !== AGENT.off) {
    const killed = strike(s, "kill agent", r);
    if (killed !== undefined) {
      forget(killed, n);
      killed[I.hung + o] = 0;
      emit("its agent is killed", n, killed, true);
    }
    const hung = s[I.hung + o] ? undefined : strike(s, "hang", r);
    if (hung !== undefined) {
      hung[I.hung + o] = 1;
      emit("its agent hangs", n, hung, true);
    }
  }
  if (at === AGENT.run && !s[I.hung + o]) {
    const killed = strike(s, "kill job", r);
    if (killed !== undefined) {
      killed[I.run + o]! ^= 1;
      killed[I.at + o] = AGENT.restore;
      emit("its job is killed, and run again", n, killed, true);
    }
  }
}
