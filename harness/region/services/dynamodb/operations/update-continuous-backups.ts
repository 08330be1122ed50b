/** Turns point-in-time recovery on or off; restoring is not modelled. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateContinuousBackups.html */
import type { Operation } from "../../../core/types";
import { describeContinuousBackups } from "../continuous-backups";
import type { Tables } from "../tables";

interface Input { TableName?: string; PointInTimeRecoverySpecification?: { PointInTimeRecoveryEnabled?: boolean; RecoveryPeriodInDays?: number } }

export const updateContinuousBackups = (tables: Tables): Operation<Input> => ({ TableName = "", PointInTimeRecoverySpecification: specification = {} }) => {
  const facts = tables.factsOf(TableName);
  const enabled = specification.PointInTimeRecoveryEnabled ?? false;
  facts.pointInTimeRecovery = {
    enabled,
    ...(enabled ? { since: facts.pointInTimeRecovery.since ?? tables.now() } : {}),
    ...(specification.RecoveryPeriodInDays === undefined ? {} : { recoveryPeriodInDays: specification.RecoveryPeriodInDays }),
  };
  return describeContinuousBackups(facts, tables);
};
