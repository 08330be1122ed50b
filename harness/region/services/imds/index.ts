/**
 * The instance metadata service: sessions by token (IMDSv2), the tree of metadata, role credentials.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
 *
 * One of these an instance, as a function from request to answer; ec2 puts it behind a listener. It is asked some 20,000 times in
 * a day of a job's life, so a request costs one lookup in a map.
 */
import type { Clock, Random } from "../../../time/clock";
import { toDate } from "../../../time/clock";
import type { WireRequest, WireResponse } from "../../core/types";
import { buildTree, type Tree } from "./tree";
import { Tokens } from "./tokens";
import type { MetadataView } from "./view";

export type { MetadataView } from "./view";

export interface MetadataService {
  /** Answers a request; never throws. */
  handle(request: WireRequest): WireResponse;
}

const TOKEN_PATH = "/latest/api/token";
const TTL_HEADER = "x-aws-ec2-metadata-token-ttl-seconds";
const TOKEN_HEADER = "x-aws-ec2-metadata-token";

/** Versions of the tree that clients ask for by date; all answer as `latest` does. */
export const VERSIONS = [
  "1.0", "2007-01-19", "2007-03-01", "2007-08-29", "2007-10-10", "2007-12-15", "2008-02-01", "2008-09-01", "2009-04-04", "2011-01-01", "2011-05-01", "2012-01-12",
  "2014-02-25", "2014-11-05", "2015-10-20", "2016-04-19", "2016-06-30", "2016-09-02", "2018-03-28", "2018-08-17", "2018-09-24", "2019-10-01", "2020-10-27", "2021-01-03",
  "2021-03-23", "2021-07-15", "2022-09-24", "2024-04-11", "latest",
];

export function createMetadataService(view: MetadataView, clock: Clock, random: Random): MetadataService {
  const tokens = new Tokens(clock, random);
  const tree = buildTree(view, clock);
  const answer = (status: number, body: string | Buffer, contentType: string, more?: Record<string, string>): WireResponse =>
    ({ status, headers: { "content-type": contentType, date: toDate(clock.now()).toUTCString(), server: "EC2ws", connection: "keep-alive", ...more }, body });
  const failed = (status: number, more?: Record<string, string>): WireResponse => answer(status, errorPage(status), "text/html", more);

  function handle(request: WireRequest): WireResponse {
    if (view.options.httpEndpoint === "disabled") return failed(403);
    const { method, path } = request;
    if (path === TOKEN_PATH) return token(request);
    if (method !== "GET" && method !== "HEAD") return failed(405, { allow: "GET, HEAD" });
    const presented = request.headers[TOKEN_HEADER];
    if (presented === undefined ? view.options.httpTokens === "required" : !tokens.isValid(presented)) return failed(401);
    return metadata(path, presented);
  }

  /** A session's token: PUT only, and never through a proxy. */
  function token({ method, headers }: WireRequest): WireResponse {
    if (method !== "PUT") return failed(405, { allow: "OPTIONS, PUT" });
    if (headers["x-forwarded-for"] !== undefined) return failed(403);
    const issued = tokens.issue(headers[TTL_HEADER]);
    return issued ? answer(200, issued.token, "text/plain", { [TTL_HEADER]: String(issued.ttlSeconds) }) : failed(400);
  }

  function metadata(path: string, presented: string | undefined): WireResponse {
    const found = lookUp(tree, path);
    if (found === undefined) return failed(404);
    // What is left of the session is told with every answer.
    return answer(200, found, typeof found === "string" ? "text/plain" : "application/octet-stream", presented === undefined ? undefined : { [TTL_HEADER]: String(tokens.secondsLeft(presented)) });
  }

  return { handle };
}

function lookUp(tree: Tree, path: string): string | Buffer | undefined {
  if (path === "/" || path === "") return VERSIONS.join("\n");
  const end = path.indexOf("/", 1);
  const version = end < 0 ? path.slice(1) : path.slice(1, end);
  if (!VERSIONS.includes(version)) return undefined;
  return tree.get(end < 0 ? "" : path.slice(end + 1));
}

const TITLES: Readonly<Record<number, string>> = { 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed" };

function errorPage(status: number): string {
  const title = `${status} - ${TITLES[status]}`;
  return `<?xml version="1.0" encoding="iso-8859-1"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"\n\t"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\n`
    + `<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">\n <head>\n  <title>${title}</title>\n </head>\n <body>\n  <h1>${title}</h1>\n </body>\n</html>\n`;
}
