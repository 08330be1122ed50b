/** Each interruption's pause keeps its bounds. */
import { boundsText, within } from "../model/figures";
import { at, fail, pass, SECONDS_TOLERANCE, unknown, worst, type Check } from "./check";

export const pause: Check = {
  name: "pause",
  run(history, figures) {
    const bounds = history.run.expect.pauseSeconds;
    if (bounds === undefined) return undefined;
    const paused = figures.interruptions.filter((interruption) => interruption.pauseSeconds !== null);
    if (paused.length === 0) return unknown("no interruption was followed by an attempt, so there is no pause to measure");
    return worst(paused.map((interruption) => within(interruption.pauseSeconds!, bounds, SECONDS_TOLERANCE)
      ? pass("")
      : fail(`a pause of ${boundsText(bounds, " s")}`, `${interruption.pauseSeconds} s after ${interruption.kind} of ${interruption.job} at ${at(interruption.atSeconds)}`, interruption.atSeconds)),
    `longest pause ${Math.max(...paused.map((interruption) => interruption.pauseSeconds!))} s`);
  },
};
