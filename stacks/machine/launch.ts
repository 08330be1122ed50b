/** One instance, asked for until there is one; when there is none for long, On-Demand if the deployment says so, and in the end a failure. */
import { FAILED_LAUNCH_BESIDE_OWNER_EVENTS, FAILED_LAUNCH_EVENTS, FAILED_MIGRATION_EVENTS, LAST_OWNERS_EVENTS, MOST_FAILED_LAUNCH_EVENTS } from "../history-bounds";
import { deadlineReached } from "./bounds";
import { RETRY_LAUNCH, sdk } from "./calls";
import type { MachineConfig, MachineRefs } from "./config";
import { resumeHint } from "./endings";
import { fleetRequest, MARKET } from "./fleet";
import { giveBack, MIGRATES } from "./handoff";
import { fail, jsonata, literal, type States } from "./language";
import { NOW } from "./ledger";
import { QUOTA, REFUSALS, type Refusal } from "./refusals";

/** A quota may be used up by instances of this execution that are going, for so long. */
const QUOTA_SECONDS = 300;

/** JSONata for the longest wait of an owner that migrates: no more than a few hundred launches fail for it, however long its job is. */
const MIGRATION_WAIT_SECONDS = "$max([900, $durationSeconds / 200])";

/** JSONata for how long there has been no capacity, in seconds. */
const DRY_SECONDS = `($drySince = 0 ? 0 : ${NOW} - $drySince)`;

/** JSONata: the execution's history has no room for more launches that fail. */
const OUT_OF_LAUNCHES = `$failedLaunchEvents >= ${MOST_FAILED_LAUNCH_EVENTS}`;

/**
 * How long to wait after so many failed launches in a row: 1 s until every place was tried, then longer from one to the next, give or take
 * a fifth, so that jobs that wait for the same capacity do not ask at once.
 */
function waitSeconds(config: MachineConfig): string {
  const { onDemandAfterMinutes } = config;
  const jittered = backedOff(config, String(config.noCapacityMaxWaitSeconds));
  // Not beyond the moment at which the job goes on On-Demand.
  return onDemandAfterMinutes === undefined ? jittered : `($onDemand ? ${jittered} : $max([1, $min([${jittered}, ${onDemandAfterMinutes * 60} - ${DRY_SECONDS}])]))`;
}

/** @param most JSONata for the longest wait */
const backedOff = (config: MachineConfig, most: string): string => `$ceil($min([${most}, ${nominalSeconds(config)}]) * (0.8 + 0.4 * $random()))`;

const nominalSeconds = ({ noCapacityWaitSeconds: first }: MachineConfig): string => `($tries + 1 < $count($places) ? 1 : ${first} * $power(2, $min([$tries + 1 - $count($places), 12])))`;

/** JSONata: all that EC2 said is one of these refusals, at least one of it of this kind. With capacity missing elsewhere, waiting may help. */
function refused(kind: Refusal, all: readonly Refusal[]): string {
  const [own, any] = [kind.codes, all.flatMap(({ codes }) => codes)].map((codes) => JSON.stringify(codes));
  const phrases = kind.phrases.map((phrase) => `$contains($lowercase($launchMessage), ${literal(phrase)})`).join(" or ");
  return `($count($launchCodes[$ in ${own}]) > 0 and $count($launchCodes[$not($ in ${any})]) = 0) or ('Ec2.Ec2Exception' in $launchCodes and (${phrases}))`;
}

export function launchStates(config: MachineConfig, refs: MachineRefs): States {
  const { onDemandAfterMinutes } = config;
  const wait = { Type: "Wait", Seconds: jsonata(waitSeconds(config)) };
  const nextTry = { tries: jsonata("$tries + 1"), place: jsonata("$place + 1") };

  return {
    "Launch an instance": {
      Type: "Task",
      Resource: sdk(refs, "ec2:createFleet"),
      Arguments: fleetRequest(config, refs),
      Retry: RETRY_LAUNCH,
      Catch: [
        {
          ErrorEquals: ["States.ALL"],
          Assign: {
            instanceId: jsonata("''"),
            launchCodes: jsonata("[$states.errorOutput.Error]"),
            launchMessage: jsonata("$exists($states.errorOutput.Cause) ? $states.errorOutput.Cause : ''"),
          },
          Output: {},
          Next: "Did it start?",
        },
      ],
      // An instant fleet reports what it could not launch in Errors, beside an empty list of Instances.
      Assign: {
        instanceId: jsonata("$exists($states.result.Instances.InstanceIds) ? ($states.result.Instances.InstanceIds)[0] : ''"),
        instanceType: jsonata("$exists($states.result.Instances.InstanceType) ? ($states.result.Instances.InstanceType)[0] : ''"),
        lifecycle: jsonata(MARKET),
        launchedAt: jsonata(NOW),
        launchCodes: jsonata("[$distinct($states.result.Errors.ErrorCode)]"),
        launchMessage: jsonata("$exists($states.result.Errors.ErrorMessage) ? ($states.result.Errors.ErrorMessage)[0] : 'EC2 gave no reason'"),
      },
      Output: {},
      Next: "Did it start?",
    },
    "Did it start?": {
      Type: "Choice",
      Choices: [
        { Condition: jsonata("$instanceId != '' and $exists($states.context.Execution.Input.maxDollars)"), Next: "What does it cost?" },
        { Condition: jsonata("$instanceId != ''"), Next: "Wait for the attempt" },
        // It works on, whatever keeps its successor from being launched: nothing ends while it does.
        {
          Condition: jsonata(`$ownerLease > 0 and $failedLaunchEvents < ${MOST_FAILED_LAUNCH_EVENTS + LAST_OWNERS_EVENTS - FAILED_MIGRATION_EVENTS} and (${OUT_OF_LAUNCHES} or ${MIGRATES} and ${nominalSeconds(config)} > ${config.heartbeatSeconds})`),
          Next: "Give the task back",
        },
        { Condition: jsonata(`$ownerLease > 0 and $not(${OUT_OF_LAUNCHES})`), Next: "Wait while the owner works" },
        ...REFUSALS.map((refusal) => ({ Condition: jsonata(refused(refusal, REFUSALS)), Assign: { fix: refusal.fix }, Next: "Launch refused" })),
        {
          Condition: jsonata(`(${refused(QUOTA, [QUOTA, ...REFUSALS])}) and ($not($hasHadInstances) or ${DRY_SECONDS} >= ${QUOTA_SECONDS})`),
          Assign: { fix: QUOTA.fix },
          Next: "Launch refused",
        },
        { Condition: jsonata(deadlineReached(config)), Next: "Deadline reached" },
        { Condition: jsonata(`${DRY_SECONDS} >= ${config.noCapacityLimitMinutes * 60} or ${OUT_OF_LAUNCHES}`), Next: "No capacity" },
        ...(onDemandAfterMinutes === undefined
          ? []
          : [{ Condition: jsonata(`$not($onDemand) and ${DRY_SECONDS} >= ${onDemandAfterMinutes * 60}`), Next: "Go on On-Demand" }]),
      ],
      Default: "Wait for capacity",
    },
    "Wait for capacity": {
      ...wait,
      Assign: {
        ...nextTry,
        drySince: jsonata(`$drySince = 0 ? ${NOW} : $drySince`),
        dryCodes: jsonata("$distinct($append($dryCodes, $launchCodes))"),
        failedLaunchEvents: jsonata(`$failedLaunchEvents + ${FAILED_LAUNCH_EVENTS}`),
      },
      Next: "Launch an instance",
    },
    // It may end the job, or stop working, before there is a successor. Nothing is lost by waiting meanwhile.
    "Wait while the owner works": {
      ...wait,
      Assign: { ...nextTry, failedLaunchEvents: jsonata(`$failedLaunchEvents + ${FAILED_LAUNCH_BESIDE_OWNER_EVENTS}`) },
      Next: "Look at the ledger",
    },
    "Give the task back": giveBack(config, refs, {
      seconds: `${OUT_OF_LAUNCHES} ? (${MIGRATES} ? 2 * $durationSeconds + 3600 : $ownerLease + 1 - ${NOW}) : ${backedOff(config, MIGRATION_WAIT_SECONDS)}`,
      then: { place: jsonata("$place + 1"), failedLaunchEvents: jsonata(`$failedLaunchEvents + ${FAILED_MIGRATION_EVENTS}`) },
    }),
    // A metric counts the executions that come here (constructs/alarms.ts).
    ...(onDemandAfterMinutes === undefined
      ? {}
      : {
          "Go on On-Demand": {
            Type: "Pass",
            Assign: { onDemand: true, tries: 0, place: jsonata("$place + 1"), failedLaunchEvents: jsonata(`$failedLaunchEvents + ${FAILED_LAUNCH_EVENTS}`) },
            Next: "Launch an instance",
          },
        }),
    "Launch refused": fail("LaunchRefused", `'No instance can be launched: ' & $join($launchCodes, ', ') & ': ' & $replace($launchMessage, /\\.$/, '') & '. ' & $fix & ${resumeHint()}`),
    "No capacity": fail(
      "NoCapacity",
      `'No instance was to be had for ' & $string($round(${DRY_SECONDS} / 60)) & ' minutes: ' & $join($distinct($append($dryCodes, $launchCodes)), ', ') & '; at last: ' & $replace($launchMessage, /\\.$/, '') & '. Add instance types or zones (knobs instanceTypes, zones, subnetIds), raise spotMaxPrice if it is set${onDemandAfterMinutes === undefined ? ", or let jobs go on On-Demand (knob onDemandAfterMinutes)" : ""}.' & ${resumeHint()}`,
    ),
  };
}
