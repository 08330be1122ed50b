/** The types of states, as data: https://docs.aws.amazon.com/step-functions/latest/dg/workflow-states.html */
export const STATE_TYPES = ["Task", "Wait", "Pass", "Succeed", "Fail", "Choice", "Parallel", "Map"] as const;

export type StateType = (typeof STATE_TYPES)[number];
