/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html */
import type { Operation } from "../../../core/types";
import { describeExecution as describe } from "../describe";
import { checkArn } from "../names";
import type { SfnStore } from "../store";

export const describeExecution = (store: SfnStore): Operation<{ executionArn?: string }> => ({ executionArn }) => describe(store.execution(checkArn(executionArn, "executionArn")), store.region.clock.now());
