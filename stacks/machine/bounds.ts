/**
 * Bounds that an execution's input may set on its job: when it must be over, and how many hours of instances and how much money it may
 * use. What is left of them bounds each attempt's time-out, so that none is overstepped by a job that works on. Too little left for another
 * instance to boot ends the execution; the last checkpoint is kept.
 */
import type { MachineConfig, MachineRefs } from "./config";
import { RETRY_EC2, sdk } from "./calls";
import { LAST_WORDS, resumeHint } from "./endings";
import { fail, jsonata, type State, type States } from "./language";
import { NOW } from "./ledger";

/** EC2 does not say what an instance costs whose execution has its money bounded. */
export const PRICE_UNKNOWN = "PriceUnknown";
/** Between looks at the ledger while an owner is waited for that works on beyond a bound, and how long it is at most: about a notice's two minutes. */
const STAY_SECONDS = 15;
const MOST_STAY_SECONDS = 135;
/** No bound. */
const NONE = "1e12";

/** Variables at the beginning, from the input. An execution that resumes a job has its own. */
export function boundsFromInput(config: MachineConfig): State {
  const given = (field: string, value: string): string => jsonata(`$exists($states.context.Execution.Input.${field}) ? ${value.replaceAll("$v", `$states.context.Execution.Input.${field}`)} : ${NONE}`);
  return {
    deadlineAt: given("deadlineMinutes", "$floor($toMillis($states.context.Execution.StartTime) / 1000) + $v * 60"),
    maxInstanceSeconds: given("maxInstanceHours", "$v * 3600"),
    maxDollars: given("maxDollars", "$v"),
    maxAttempts: jsonata(`$exists($states.context.Execution.Input.maxAttempts) ? $states.context.Execution.Input.maxAttempts : ${config.maxAttempts}`),
    instanceSeconds: 0,
    dollars: 0,
    dollarsPerHour: 0,
    paidUntil: 0,
    stayedSeconds: 0,
  };
}

/** What an attempt has used when it ends; an instance that hands over has its lease still. @param lease JSONata, seconds */
export const used = (lease: string): State => ({ ...paid(`(${NOW} - $launchedAt + ${lease})`), paidUntil: jsonata(`${NOW} + ${lease}`) });

/** What an owner has used that hands over and has renewed its lease. @param lease JSONata for the lease's end in epoch seconds; 0 when there is none */
export const usedByOwner = (lease: string): State => ({ ...paid(`$max([0, ${lease} - $paidUntil])`), paidUntil: jsonata(`$max([$paidUntil, ${lease}])`) });

const paid = (seconds: string): State => ({
  instanceSeconds: jsonata(`$instanceSeconds + ${seconds}`),
  dollars: jsonata(`$dollars + ${seconds} / 3600 * $dollarsPerHour`),
});

const LEFT = {
  deadline: `$deadlineAt - ${NOW}`,
  hours: "$maxInstanceSeconds - $instanceSeconds",
  money: `($dollarsPerHour > 0 ? ($maxDollars - $dollars) / $dollarsPerHour * 3600 : ($dollars < $maxDollars ? ${NONE} : 0))`,
};

/** How long a task may last that is to last so long: no further than to one of the bounds, and more than the heartbeat. @param seconds JSONata */
export const withinBounds = (config: MachineConfig, seconds: string): string =>
  `$max([${config.heartbeatSeconds + 1}, $floor($min([${[seconds, ...Object.values(LEFT)].join(", ")}]))])`;

/**
 * How long an attempt may last. More than the heartbeat, as Step Functions demands
 * (https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html), which is why no instance is launched when less is left.
 */
export function attemptSeconds(config: MachineConfig): string {
  const most = config.attemptTimeoutSeconds ?? "2 * $durationSeconds + 3600";
  return jsonata(withinBounds(config, String(most)));
}

/** JSONata: too little is left of one of the bounds. */
const spent = (left: string, config: MachineConfig): string => `${left} <= ${config.heartbeatSeconds}`;
export const boundReached = (config: MachineConfig): string => Object.values(LEFT).map((left) => spent(left, config)).join(" or ");
export const deadlineReached = (config: MachineConfig): string => spent(LEFT.deadline, config);

/**
 * Choice rules that end an execution: at one of its bounds, where one cannot be kept, in a crash loop; when no owner works any more. One
 * that hands over has been paid for until its lease ends, and may save or finish meanwhile. It is waited for as long as a notice lasts, no
 * longer, since a lease without a deadline of AWS's is renewed; and not after a shutdown's signal, when it only saves.
 */
export function boundRules(config: MachineConfig): State[] {
  const ends: [condition: string, state: string][] = [
    [`$withoutProgress >= ${config.maxAttemptsWithoutProgress}`, "No progress"],
    [`$ending = '${PRICE_UNKNOWN}'`, "Price unknown"],
    [spent(LEFT.deadline, config), "Deadline reached"],
    [spent(LEFT.hours, config), "Instance hours used up"],
    [spent(LEFT.money, config), "Money used up"],
    ["$attempts >= $maxAttempts", "Attempts exhausted"],
  ];
  const mayWork = `$ownerLease > 0 and $endingReason != 'terminate' and $stayedSeconds < ${MOST_STAY_SECONDS}`;
  return [
    { Condition: jsonata(`${mayWork} and (${ends.map(([condition]) => condition).join(" or ")})`), Next: "Let the owner end" },
    ...ends.map(([condition, state]) => ({ Condition: jsonata(condition), Next: state })),
  ];
}

export function boundStates(config: MachineConfig, refs: MachineRefs): States {
  const hours = "$string($round($instanceSeconds / 3600, 2))";
  const dollars = "$string($round($dollars, 4))";
  return {
    // Asked only where money is bounded: the dearest of the zones, so that the estimate is not too low.
    "What does it cost?": {
      Type: "Task",
      Resource: sdk(refs, "ec2:describeSpotPriceHistory"),
      Arguments: { InstanceTypes: [jsonata("$instanceType")], ProductDescriptions: ["Linux/UNIX"], StartTime: jsonata("$now()"), EndTime: jsonata("$now()") },
      Retry: RETRY_EC2,
      Catch: [
        {
          ErrorEquals: ["States.ALL"],
          Assign: {
            launch: jsonata("$launch + 1"), ending: PRICE_UNKNOWN, endingReason: jsonata("''"),
            endingCause: jsonata("$instanceType & ': ' & ($states.errorOutput.Error = 'States.QueryEvaluationError' ? 'it has no Spot price' : $states.errorOutput.Error & ': ' & $states.errorOutput.Cause)"),
          },
          Output: {},
          Next: "Terminate the instance",
        },
      ],
      Assign: {
        // Without any price there is no value, and the expression fails: what costs nothing would be without bound.
        dollarsPerHour: jsonata(`$lifecycle = 'on-demand' ? ${config.onDemandDollarsPerHour ?? 0} : $max([$states.result.SpotPriceHistory.$number(SpotPrice)])`),
      },
      Output: {},
      Next: "Wait for the attempt",
    },
    // It has had SIGTERM, and saves: what it commits now is what the execution's Cause should name.
    "Let it save": {
      Type: "Wait",
      Seconds: jsonata("$min([60, $ceil(10 + 2 * $saveSeconds)])"),
      Next: "Read the ledger",
    },
    "Let the owner end": {
      Type: "Wait",
      Seconds: STAY_SECONDS,
      Assign: { stayedSeconds: jsonata(`$stayedSeconds + ${STAY_SECONDS}`) },
      Next: "Look at the ledger",
    },
    "Deadline reached": fail(
      "DeadlineReached",
      `'The input deadlineMinutes, ' & $string($states.context.Execution.Input.deadlineMinutes) & ', leaves no time for another instance.' & ${resumeHint()} & ' Give it a later deadline.'`,
    ),
    "Instance hours used up": fail(
      "InstanceHoursUsedUp",
      `${hours} & ' hours of instances were used; the input maxInstanceHours is ' & $string($states.context.Execution.Input.maxInstanceHours) & '.' & ${resumeHint()}`,
    ),
    "Money used up": fail(
      "MoneyUsedUp",
      `'About ' & ${dollars} & ' US dollars were spent on instances; the input maxDollars is ' & $string($states.context.Execution.Input.maxDollars) & '.' & ${resumeHint()}`,
    ),
    "Price unknown": fail(
      PRICE_UNKNOWN,
      `'The input maxDollars is given, but EC2 did not say what an instance costs: ' & $replace($substring($endingCause, 0, 1000), /\\.$/, '') & '. The instance was terminated; without a price the bound cannot be kept.' & ${resumeHint()} & ' Mend what EC2 says first, or leave maxDollars out.'`,
    ),
    "Attempts exhausted": fail(
      "AttemptsExhausted",
      `$string($attempts) & ' instances were used up, the last one ended by ' & $ending & ${LAST_WORDS} & '; the bound is ' & ($exists($states.context.Execution.Input.maxAttempts) ? 'the input maxAttempts.' : 'the knob maxAttempts.') & ${resumeHint()}`,
    ),
  };
}
