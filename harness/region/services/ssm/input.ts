/** What the operations' inputs share. */
import { AwsError } from "../../core/types";

/** One to ten names. @throws AwsError ValidationException */
export function namesOf(names: readonly string[] | undefined): readonly string[] {
  const list = names ?? [];
  if (list.length < 1 || list.length > 10) throw new AwsError("ValidationException", "1 validation error detected: Value at 'names' failed to satisfy constraint: Member must have length between 1 and 10");
  return list;
}

/** How many items a page may have. @throws AwsError ValidationException */
export function pageSize(asked: number | undefined, most: number): number {
  if (asked === undefined) return most;
  if (asked < 1 || asked > most) throw new AwsError("ValidationException", `1 validation error detected: Value '${asked}' at 'maxResults' failed to satisfy constraint: Member must have value between 1 and ${most}`);
  return asked;
}
