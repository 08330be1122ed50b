/**
 * How a job's work proceeds between two looks at it: the default workload does one second of work a second, and stops
 * working for `saveSeconds` whenever its work reaches a multiple of the checkpoint interval. This is arithmetic on the
 * scenario's own figures, so that a trigger can be met without asking all the time; exact for the default workload.
 */
import type { JobSpec } from "./scenario";

/** A look at a job: so much of it was done, and a save covered so much. Percent. */
export interface Standing { percent: number; savedPercent: number }

const EPSILON = 1e-6;
const unitsOf = (job: JobSpec): number => job.durationMinutes * 60;

/** Seconds of work that a share of the job is. */
export const workSeconds = (job: JobSpec, percent: number): number => (percent / 100) * unitsOf(job);
/** The share of the job, in percent, that so much work is. */
export const workPercent = (job: JobSpec, seconds: number): number => (seconds / unitsOf(job)) * 100;

/** How many seconds after `standing` the work reaches `percent`, before the save that may follow there; 0 when it has. */
export function secondsUntil(job: JobSpec, standing: Standing, percent: number): number {
  const start = workSeconds(job, standing.percent);
  const end = Math.min(workSeconds(job, percent), unitsOf(job));
  if (end <= start) return 0;
  return end - start + savesBetween(job, start, workSeconds(job, standing.savedPercent), end) * job.saveSeconds;
}

/** The work, in percent, `seconds` after `standing`. */
export function percentAfter(job: JobSpec, standing: Standing, seconds: number): number {
  const interval = job.checkpointMinutes * 60;
  const total = unitsOf(job);
  let done = workSeconds(job, standing.percent);
  let saved = workSeconds(job, standing.savedPercent);
  let left = Math.max(0, seconds);
  while (left > EPSILON && done < total) {
    const boundary = savePoint(interval, done, saved);
    const step = Math.min(left, Math.min(boundary, total) - done);
    done += step;
    left -= step;
    if (Math.abs(done - boundary) < EPSILON && done < total) {
      left -= job.saveSeconds;
      saved = done;
    }
  }
  return Math.min(100, workPercent(job, done));
}

/** The next point, in seconds of work, at which the job saves: `done` itself when it stands at one that is not saved yet. */
function savePoint(interval: number, done: number, saved: number): number {
  const at = Math.ceil((done - EPSILON) / interval) * interval;
  return at > EPSILON && at > saved + EPSILON ? at : (Math.floor((Math.max(done, saved) + EPSILON) / interval) + 1) * interval;
}

/** Saves that begin at or after `start` and before `end`. */
function savesBetween(job: JobSpec, start: number, saved: number, end: number): number {
  const interval = job.checkpointMinutes * 60;
  let count = 0;
  for (let at = savePoint(interval, start, saved); at < end - EPSILON; at += interval) count++;
  return count;
}
