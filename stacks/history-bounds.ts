/**
 * How much of an execution's history each of its parts takes. A history may have 25,000 events
 * (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html), then the execution fails. Tests count the events.
 */

/** Events of one attempt, at most: of one that migrates, whose former self is terminated later, and whose price was asked for. */
export const ATTEMPT_EVENTS = 39;
/** Events of a launch that fails, also of one after which the job goes on On-Demand. */
export const FAILED_LAUNCH_EVENTS = 9;
/** Events of a launch that fails while an owner works on without a task: the ledger is looked at, too. */
export const FAILED_LAUNCH_BESIDE_OWNER_EVENTS = 16;
/** Events of a launch that fails while an owner migrates: it has its task back until the next one. */
export const FAILED_MIGRATION_EVENTS = 20;
/** Events of a task that the ledger refuses. */
export const REFUSED_TASK_EVENTS = 5;
/** Events of a wait for an owner at a bound, which comes once, at the end. */
export const WAIT_AT_A_BOUND_EVENTS = 81;
/** What the beginning, the end and retries may take; the wait at a bound is a part of it. */
export const RESERVED_EVENTS = 200;
/** What owners may take that hand over once nothing is left for launches that fail. */
export const LAST_OWNERS_EVENTS = 200;
/** The most that the knob maxAttempts allows. */
export const MOST_ATTEMPTS = 400;
/** So many events are left for launches that fail. */
export const MOST_FAILED_LAUNCH_EVENTS = 25_000 - RESERVED_EVENTS - LAST_OWNERS_EVENTS - MOST_ATTEMPTS * ATTEMPT_EVENTS;
/** So many launches may fail while nobody works. */
export const MOST_FAILED_LAUNCHES = Math.floor(MOST_FAILED_LAUNCH_EVENTS / FAILED_LAUNCH_EVENTS);
