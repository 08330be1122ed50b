/** The little of Markdown that a generated page needs. */

export interface Section { title: string; /** Paragraphs, tables, lists: each block apart from the next by an empty line. */ blocks: readonly string[]; sections?: readonly Section[] }

export const code = (text: string): string => `\`${text}\``;
export const codes = (texts: Iterable<string>): string => [...texts].map(code).join(", ");
export const bullets = (items: readonly string[]): string => items.map((item) => `- ${item}`).join("\n");

/** What stands in a table's cell: pipes and line breaks would end it. */
const cell = (text: string): string => text.replace(/\s*\n\s*/g, " ").replace(/\|/g, "\\|");

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.map(cell).join(" | ")} |`).join("\n");
}

/** Long matter, folded away. */
export const folded = (summary: string, content: string): string => `<details><summary>${summary}</summary>\n\n${content}\n\n</details>`;

/** A page: its title, introduction, contents and sections. */
export function page(title: string, introduction: readonly string[], sections: readonly Section[]): string {
  const contents = sections.flatMap((section) => [`- ${link(section.title)}`, ...(section.sections ?? []).map((inner) => `  - ${link(inner.title)}`)]);
  return `${[`# ${title}`, ...introduction, "## Contents", contents.join("\n"), ...sections.flatMap((section) => written(section, 2))].join("\n\n")}\n`;
}

const link = (title: string): string => `[${title}](#${anchor(title)})`;
/** As GitHub makes them of headings. */
const anchor = (title: string): string => title.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, "").replace(/ /g, "-");

const written = ({ title, blocks, sections = [] }: Section, level: number): string[] =>
  [`${"#".repeat(level)} ${title}`, ...blocks, ...sections.flatMap((section) => written(section, level + 1))];
