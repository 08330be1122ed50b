/** What of Step Functions' API is refused by name, and what is simpler than on AWS. */
import type { RefusedMembers } from "../../core/unsupported";

export const REFUSED = {
  types: "state machines of any type but STANDARD",
  mapRuns: "Map Runs, which distributed Maps have",
  encryption: "keys of the customer's own for state machines",
} as const;

export const SIMPLIFIED = {
  redrive: "A redriven execution goes on within the states that had not succeeded, without entering them again in its history, except for Fail; AWS does not document the history of redriven Parallel and Map states.",
} as const;

export const REFUSED_MEMBERS: RefusedMembers = {
  DescribeStateMachine: { includedData: ["ALL_DATA"] },
  DescribeStateMachineForExecution: { includedData: ["ALL_DATA"] },
  DescribeExecution: { includedData: ["ALL_DATA"] },
};
