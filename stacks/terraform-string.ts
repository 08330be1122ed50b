/**
 * A string literal of Terraform's expression language, for use within a function's arguments; tokens of CDKTF in the text become the
 * references that they stand for. CDKTF's own `Fn.rawString` escapes tokens, too.
 * https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences
 */
const TOKEN = /(\$\{TfToken\[[^\]]*\]\})/;

export function terraformString(text: string): string {
  const parts = text.split(TOKEN).map((part) => (TOKEN.test(part) ? part : escaped(part)));
  return `"${parts.join("")}"`;
}

const NAMED: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\" };

function escaped(text: string): string {
  return text
    // eslint-disable-next-line no-control-regex
    .replace(/[\u0000-\u001f"\\]/g, (character) => NAMED[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .replace(/[$%]\{/g, (opening) => opening[0]! + opening);
}
