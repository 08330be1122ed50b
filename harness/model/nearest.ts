/** The known name that a mistyped one most likely meant. */

/** Edit distance (insertions, deletions, replacements, swaps of neighbours: one each). */
export function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(replaced, rows[i - 1]![j]! + 1, row[j - 1]! + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, rows[i - 2]![j - 2]! + 1);
      row.push(best);
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}

/** The nearest of `known`, if it is near enough to be a slip of the hand; case does not count. */
export function nearest(given: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.max(1, Math.floor(given.length / 2.5)) + 0.5;
  const lower = given.toLowerCase();
  for (const name of known) {
    const candidate = name.toLowerCase();
    const distance = candidate.startsWith(lower) && lower.length >= 3 ? 0.9 : editDistance(lower, candidate);
    if (distance < least) [best, least] = [name, distance];
  }
  return best;
}

/** `; did you mean "interrupt"?`, or nothing. */
export const didYouMean = (given: string, known: Iterable<string>): string => {
  const name = nearest(given, known);
  return name === undefined ? "" : `; did you mean "${name}"?`;
};
