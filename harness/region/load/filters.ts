/** The `filter` blocks of data sources, as the EC2 API takes them. */
import type { Arguments } from "./arguments";

export const filtersOf = (args: Arguments): { Name: string; Values: string[] }[] => args.blocks("filter").map((filter) => ({ Name: filter.text("name"), Values: filter.texts("values") }));
