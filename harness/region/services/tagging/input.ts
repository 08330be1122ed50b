/** What the operations' inputs share. Ranges: https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html */
import { pageOf, type Page } from "../../core/paging";
import { AwsError } from "../../core/types";

export const invalid = (message: string): AwsError => new AwsError("InvalidParameterException", message);

/** @throws AwsError InvalidParameterException, for a list that is too short or too long */
export function listOf<T>(value: readonly T[] | undefined, name: string, least: number, most: number): readonly T[] {
  const list = value ?? [];
  if (list.length < least || list.length > most) throw invalid(`1 validation error detected: Value at '${name}' failed to satisfy constraint: Member must have length between ${least} and ${most}`);
  return list;
}

/** A page, and the token of the next one: the empty text after the last, as the service answers. */
export function page<T>(all: readonly T[], limit: number, token: string | undefined): { items: T[]; PaginationToken: string } {
  const { items, nextToken }: Page<T> = pageOf(all, limit, token === "" ? undefined : token, "InvalidParameterException");
  return { items, PaginationToken: nextToken ?? "" };
}
