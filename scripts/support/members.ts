/**
 * Which members of a request an operation's code never names. What AWS's model has comes from the installed SDK client; what the
 * code names, from the operation's file and those that it imports within its service, types left out. A member that is named
 * may still be handled badly; one that is not is ignored for sure, unless it is refused along with all that are unknown.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import ts from "typescript";

/** What imports lead to: the file, its imports and theirs. */
const DEPTH = 2;
/** Files that name members of every operation, or of none. */
const LEFT_OUT = /(^|\/)(limits|errors|index|core|render|instance)\.ts$/;

interface CommandConstructor { new (input: object): { schema?: readonly unknown[] } }

/** The input members of an operation, by the names that the service's code sees; undefined when the SDK's client has no schema of it. */
function inputMembers(clientPackage: string, operation: string): string[] | undefined {
  const Command = (require(clientPackage) as Record<string, CommandConstructor | undefined>)[`${operation}Command`];
  let schema = Command === undefined ? undefined : new Command({}).schema?.[4];
  if (typeof schema === "function") schema = (schema as () => unknown)();
  if (schema === "unit") return [];
  if (!Array.isArray(schema)) return undefined;
  const [, , , , names, members] = schema as [number, string, string, unknown, string[], unknown[]];
  return names.map((name, index) => (clientPackage.endsWith("-ec2") || clientPackage.endsWith("-s3") ? wireName(name, members[index]) : name));
}

/** EC2's lists have other names on the wire, S3's members stand in headers and in the query string. */
function wireName(name: string, member: unknown): string {
  const traits = Array.isArray(member) && member.length === 2 && typeof member[1] === "object" && !Array.isArray(member[1]) ? (member[1] as Record<string, string>) : {};
  const { ec2QueryName, xmlName, httpHeader, httpQuery } = traits;
  if (ec2QueryName !== undefined) return ec2QueryName;
  if (httpHeader !== undefined) return httpHeader.toLowerCase();
  if (httpQuery !== undefined) return httpQuery;
  return xmlName === undefined ? name : xmlName.charAt(0).toUpperCase() + xmlName.slice(1);
}

/** The file of each operation of a service's folder, as its tables of operations say. */
export function operationFiles(folder: string): Map<string, string> {
  const files = new Map<string, string>();
  const tables = [...filesIn(folder), join(folder, "operations", "index.ts")].filter((file) => existsSync(file));
  for (const file of tables) {
    const source = parse(file);
    const imports = new Map<string, string>();
    source.forEachChild((node) => {
      if (!ts.isImportDeclaration(node) || !node.importClause?.namedBindings || !ts.isNamedImports(node.importClause.namedBindings)) return;
      const target = moduleFile(file, (node.moduleSpecifier as ts.StringLiteral).text);
      for (const { name } of node.importClause.namedBindings.elements) if (target) imports.set(name.text, target);
    });
    const visit = (node: ts.Node): void => {
      if (ts.isPropertyAssignment(node) && /^[A-Z]\w+$/.test(node.name.getText(source))) {
        const made = ts.isCallExpression(node.initializer) ? node.initializer.expression : node.initializer;
        const target = ts.isIdentifier(made) ? imports.get(made.text) : undefined;
        if (target !== undefined) files.set(node.name.getText(source), target);
      }
      node.forEachChild(visit);
    };
    visit(source);
  }
  return files;
}

/** The words of an operation's code: identifiers and texts. */
function wordsOf(file: string, folder: string): Set<string> {
  const words = new Set<string>();
  const seen = new Set<string>();
  const read = (path: string, depth: number): void => {
    if (seen.has(path) || !path.startsWith(folder) || (depth > 0 && LEFT_OUT.test(path))) return;
    seen.add(path);
    const source = parse(path);
    const visit = (node: ts.Node): void => {
      if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) || ts.isTypeNode(node)) return;
      if (ts.isImportDeclaration(node)) {
        const target = moduleFile(path, (node.moduleSpecifier as ts.StringLiteral).text);
        if (target !== undefined && depth < DEPTH) read(target, depth + 1);
        return;
      }
      if (ts.isIdentifier(node)) words.add(node.text);
      else if (ts.isStringLiteralLike(node)) for (const word of node.text.split(/[^\w-]+/)) words.add(word);
      node.forEachChild(visit);
    };
    visit(source);
  };
  read(file, 0);
  return words;
}

const parse = (file: string): ts.SourceFile => ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
const filesIn = (folder: string): string[] => readdirSync(folder).filter((name) => name.endsWith(".ts")).map((name) => join(folder, name));

function moduleFile(from: string, specifier: string): string | undefined {
  if (!specifier.startsWith(".")) return undefined;
  const path = resolve(dirname(from), specifier);
  return [`${path}.ts`, join(path, "index.ts")].find((file) => existsSync(file));
}

/** The members of an operation's input that its code never names; undefined when AWS's model is not at hand. */
export function unnamedMembers(clientPackage: string, folder: string, operation: string, file: string): string[] | undefined {
  const members = inputMembers(clientPackage, operation);
  if (members === undefined) return undefined;
  const words = wordsOf(file, folder);
  return members.filter((member) => !words.has(member) && member !== "DryRun");
}
