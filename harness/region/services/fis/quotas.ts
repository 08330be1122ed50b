/** FIS's quotas, at their defaults. https://docs.aws.amazon.com/fis/latest/userguide/fis-quotas.html, https://docs.aws.amazon.com/general/latest/gr/fis.html#limits_fis */
import { AwsError } from "../../core/types";

export const QUOTAS = {
  "Experiment templates": 500,
  "Active experiments": 5,
  "Actions per experiment template": 20,
  "Parallel actions per experiment": 10,
  "Stop conditions per experiment template": 5,
  /** Of each action, when the targets are identified by tags. */
  "Target resources per action": 5,
} as const;

/** @throws AwsError ServiceQuotaExceededException, when that many would be more than the quota allows */
export function checkQuota(name: keyof typeof QUOTAS, count: number): void {
  if (count > QUOTAS[name]) throw new AwsError("ServiceQuotaExceededException", `The request exceeds a service quota: ${name} (at most ${QUOTAS[name]}).`, 402);
}
