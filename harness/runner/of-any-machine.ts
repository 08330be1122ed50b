/**
 * What an instance of the embedded region tells, without what is of the machine that it happens to run on: two runs of one seed have the
 * same history.
 */

/** The region listens on whatever ports are free, and has its instances' roots in a folder of its own. */
const OF_THIS_MACHINE = /(?<=\bhttp:\/\/127\.0\.0\.1):\d+|(?:\/[^\s"':,;()]+)?\/spotproof-\w{6}\/instances\/i-[0-9a-f]{17}(?=\/)/g;

export const ofAnyMachine = (text: string): string => text.replaceAll(OF_THIS_MACHINE, "");
