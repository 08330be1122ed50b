/** The source of a regular expression that matches that text and nothing else. */
export const literalSource = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
