/** Whether point-in-time recovery is on. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeContinuousBackups.html */
import type { Operation } from "../../../core/types";
import { describeContinuousBackups as describe } from "../continuous-backups";
import type { Tables } from "../tables";

export const describeContinuousBackups = (tables: Tables): Operation<{ TableName?: string }> => ({ TableName = "" }) => describe(tables.factsOf(TableName), tables);
