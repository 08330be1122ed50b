/** Settings as tables: names and comments from the interface in the source, defaults from the running code. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { code, table } from "./markdown";

const HARNESS = join(__dirname, "..", "..", "harness");

/** The comment of each member of an interface. Throws when the file has no such interface. */
export function commentsOf(file: string, interfaceName: string): Map<string, string> {
  const source = ts.createSourceFile(file, readFileSync(join(HARNESS, file), "utf8"), ts.ScriptTarget.Latest, true);
  const found = source.statements.find((statement): statement is ts.InterfaceDeclaration => ts.isInterfaceDeclaration(statement) && statement.name.text === interfaceName);
  if (!found) throw new Error(`${file} has no interface ${interfaceName}`);
  return new Map(found.members.flatMap((member) => {
    const comments = ts.getJSDocCommentsAndTags(member).map((comment) => ts.getTextOfJSDocComment(comment.comment) ?? "");
    return member.name ? [[member.name.getText(source), comments.join(" ").replace(/\s*\n\s*/g, " ")] as const] : [];
  }));
}

/** A row for each setting; those of a nested object with their path. */
export function settingsTable(file: string, interfaceName: string, defaults: object, nested: Readonly<Record<string, string>> = {}): string {
  const rows = (name: string, of: string, values: object): string[][] => {
    const comments = commentsOf(file, of);
    return Object.entries(values).flatMap(([key, value]) => {
      const inner = nested[key];
      const path = name === "" ? key : `${name}.${key}`;
      if (inner !== undefined) return rows(path, inner, value as object);
      return [[code(path), value === Infinity ? "no limit" : code(JSON.stringify(value)), comments.get(key) ?? ""]];
    });
  };
  return table(["setting", "default", "meaning"], rows("", interfaceName, defaults));
}
