/**
 * XML for the protocols that speak it: a writer that takes plain values in their wire names, and a reader that gives
 * them back (fast-xml-parser underneath).
 */
import { XMLParser } from "fast-xml-parser";
import { AwsError } from "../core/types";
import { isoText } from "./scalars";

/** How arrays are written: inside their element, each under this name; or (undefined) as the element itself, repeated. */
export type ListStyle = "member" | "item" | undefined;

export interface XmlOptions {
  lists?: ListStyle;
  /** Attributes of the root: `{xmlns: "http://…"}`. */
  attributes?: Record<string, string>;
  /** How a Date is written; by default ISO 8601, milliseconds only when there are any. */
  date?: (date: Date) => string;
}

/** A list whose members have a name of their own, where the API has one: EC2's `<groupSet><groupId>`. */
export class NamedList {
  constructor(readonly memberName: string, readonly members: readonly unknown[]) {}
}

const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;", "\r": "&#xD;" };

/** Text as XML character data; characters that XML 1.0 cannot carry are left out. */
export function escapeXml(text: string): string {
  // eslint-disable-next-line no-control-regex
  const safe = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text) ? text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "") : text;
  return /[&<>"'\r]/.test(safe) ? safe.replace(/[&<>"'\r]/g, (character) => ESCAPES[character]!) : safe;
}

/** An XML document with that root. Undefined and null members are left out; a Map is written as query's `<entry><key/><value/></entry>`. */
export function buildXml(root: string, value: unknown, options: XmlOptions = {}): string {
  const attributes = Object.entries(options.attributes ?? {}).map(([name, text]) => ` ${name}="${escapeXml(text)}"`).join("");
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${attributes}>${xmlContent(value, options)}</${root}>`;
}

/** The inside of an element. */
export function xmlContent(value: unknown, options: XmlOptions = {}): string {
  if (value === undefined || value === null) return "";
  if (typeof value !== "object") return escapeXml(String(value));
  if (value instanceof Date) return (options.date ?? isoText)(value);
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64");
  if (Array.isArray(value)) return value.map((member) => element(options.lists ?? "member", member, options)).join("");
  if (value instanceof NamedList) return value.members.map((member) => element(value.memberName, member, options)).join("");
  if (value instanceof Map) return [...value].map(([key, member]) => `<entry>${element("key", key, options)}${element("value", member, options)}</entry>`).join("");
  let text = "";
  for (const name of Object.keys(value)) text += element(name, (value as Record<string, unknown>)[name], options);
  return text;
}

function element(name: string, value: unknown, options: XmlOptions): string {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value) && options.lists === undefined) return value.map((member) => element(name, member, options)).join("");
  return `<${name}>${xmlContent(value, options)}</${name}>`;
}

const parsers = new Map<string, XMLParser>();

/**
 * Reads XML into plain values: elements as members, text as strings, no attributes.
 * @param lists the elements that are arrays even when there is one of them
 * @throws AwsError MalformedXML, status 400, as S3 answers
 */
export function parseXml(text: string, lists: readonly string[] = []): Record<string, unknown> {
  const key = lists.join(",");
  let parser = parsers.get(key);
  if (!parser) {
    const arrays = new Set(lists);
    parser = new XMLParser({ ignoreAttributes: true, ignoreDeclaration: true, ignorePiTags: true, parseTagValue: false, trimValues: true, removeNSPrefix: true, htmlEntities: false, isArray: (name) => arrays.has(name) });
    parsers.set(key, parser);
  }
  try {
    const value = parser.parse(text, true) as unknown;
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // told below
  }
  throw new AwsError("MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema");
}
