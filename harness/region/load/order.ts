/** The order of creation: what is referred to comes first, otherwise the given order. */

/**
 * @param dependencies of an item, as keys
 * @param circular makes the error for items that need each other; it is given their keys, the first repeated at the end
 */
export function createOrder<T>(items: ReadonlyMap<string, T>, dependencies: (item: T) => readonly string[], circular: (cycle: string[]) => Error): T[] {
  const order: T[] = [];
  const state = new Map<string, "open" | "done">();
  const path: string[] = [];
  const visit = (key: string): void => {
    if (state.get(key) === "done") return;
    if (state.get(key) === "open") throw circular([...path.slice(path.indexOf(key)), key]);
    state.set(key, "open");
    path.push(key);
    const item = items.get(key)!;
    for (const dependency of dependencies(item)) visit(dependency);
    path.pop();
    state.set(key, "done");
    order.push(item);
  };
  for (const key of items.keys()) visit(key);
  return order;
}
