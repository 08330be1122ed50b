/** Point-in-time recovery as the API shows it. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ContinuousBackupsDescription.html */
import type { TableFacts, Tables } from "./tables";

/** The window when none is asked for, in days. */
const DEFAULT_RECOVERY_DAYS = 35;

export function describeContinuousBackups(facts: TableFacts, tables: Tables): object {
  const { enabled, since, recoveryPeriodInDays = DEFAULT_RECOVERY_DAYS } = facts.pointInTimeRecovery;
  return {
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: "ENABLED",
      PointInTimeRecoveryDescription: enabled
        ? { PointInTimeRecoveryStatus: "ENABLED", RecoveryPeriodInDays: recoveryPeriodInDays, EarliestRestorableDateTime: since, LatestRestorableDateTime: tables.now() }
        : { PointInTimeRecoveryStatus: "DISABLED" },
    },
  };
}
