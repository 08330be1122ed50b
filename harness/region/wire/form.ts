/** The parameters of a form-encoded request: the body of a POST, or the query string of a GET. */
import type { WireRequest } from "../core/types";

export function formOf(request: WireRequest): URLSearchParams {
  return new URLSearchParams(request.body.length > 0 ? request.body.toString("utf8") : request.query);
}
