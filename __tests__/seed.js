"use strict";
/**
 * Property tests draw the same cases on every run of a commit: a failure is the change's, not the draw's.
 * `FC_SEED=N npm test` draws others; `FC_SEED=random` different ones each time (a failure prints its seed).
 */
const fc = require("fast-check");

const { FC_SEED = "20150106" } = process.env;
if (FC_SEED !== "random") {
  const seed = Number(FC_SEED);
  if (!Number.isInteger(seed)) throw new Error(`FC_SEED is "${FC_SEED}"; it is an integer, or "random"`);
  fc.configureGlobal({ seed });
}
