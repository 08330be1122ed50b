/** What a run tells while it goes on. Apart, because it loads nothing. */

/** Where a run stands, for whoever watches it. */
export interface Progress {
  id: string;
  /** Committed or not; the lowest of the jobs. */
  percent: number;
  /** Instances launched; the highest of the jobs. */
  attempt: number;
  virtualSeconds: number;
  /** What happened last, in a word or two. */
  state: string;
}
