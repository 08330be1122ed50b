/**
 * The default workload's digest proves that every unit ran exactly once and in order: d(0) = sha256(jobId),
 * d(i) = sha256(d(i-1) + ":" + i), hexadecimal text throughout. Here it is computed anew.
 */
import { createHash } from "node:crypto";
import { finalOf } from "../model/history";
import { fail, pass, unknown, worst, type Check, type Verdict } from "./check";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** The digest after so many units. */
export function chainDigest(jobId: string, units: number): string {
  let digest = sha256(jobId);
  for (let unit = 1; unit <= units; unit++) digest = sha256(`${digest}:${unit}`);
  return digest;
}

export const workChain: Check = {
  name: "work-chain",
  run(history) {
    return worst(history.run.jobs.map((job): Verdict => {
      const final = finalOf(history, job.name);
      if (final?.checkpointProblem !== undefined) return fail(`${job.name}'s last checkpoint to be what was committed`, final.checkpointProblem, history.virtualSeconds);
      const saved = final?.workload;
      if (final?.ledger?.["last"] === undefined) return unknown(`${job.name} has no committed checkpoint, so there is no digest`);
      if (saved === undefined) return unknown(`${job.name}'s last checkpoint holds no state.json of the default workload, so its digest says nothing`);
      const ends = history.run.expect.status === "SUCCEEDED";
      const jobId = final.ledger["jobId"];
      if (saved.jobId !== jobId) return fail(`the save of job ${String(jobId)}`, `one of job ${saved.jobId}`, history.virtualSeconds);
      const units = job.durationMinutes * 60;
      if (saved.unitsTotal !== Math.round(units)) return fail(`${job.name} to be of ${Math.round(units)} units`, `${saved.unitsTotal}`, history.virtualSeconds);
      if (ends && saved.unitsDone !== saved.unitsTotal) return fail(`${job.name}'s last save to hold all ${saved.unitsTotal} units`, `${saved.unitsDone}`, history.virtualSeconds);
      const digest = chainDigest(saved.jobId, saved.unitsDone);
      if (digest === saved.digest) return pass("");
      return fail(`the digest of ${job.name} after ${saved.unitsDone} units to be ${digest.slice(0, 16)}…`, `${saved.digest.slice(0, 16)}…: units were skipped, repeated or out of order`, history.virtualSeconds);
    }), "every unit of work ran exactly once, in order");
  },
};
