/**
 * What a refusal says of what AWS has and this region does not. The phrases stand in each folder's `limits.ts`, from where
 * docs/feature-support.md takes them, too; `given` is what the caller asked for, where the phrase does not tell.
 */
export const notSupported = (what: string, given?: string): string => `The embedded region does not support ${what}${given === undefined ? "" : ` ('${given}' was given)`}.`;
