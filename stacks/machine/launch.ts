/**
 * One instance, asked for until there is one: an instant fleet of Spot, several instance types, one place a call
 * (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFleet.html).
 */
import { FAILED_LAUNCH_BESIDE_OWNER_EVENTS, FAILED_LAUNCH_EVENTS, MOST_FAILED_LAUNCH_EVENTS } from "../history-bounds";
import { RETRY_LAUNCH, sdk } from "./calls";
import type { MachineConfig, MachineRefs } from "./config";
import { resumeHint } from "./endings";
import { fail, jsonata, literal, ME, type Json, type States } from "./language";
import { REFUSALS } from "./refusals";
import { TAG } from "../names";

/** How long to wait after so many failed launches in a row: 1 s until every place was tried, then longer from one to the next. */
function waitSeconds(config: MachineConfig): string {
  const { noCapacityWaitSeconds: first, noCapacityMaxWaitSeconds: most } = config;
  return `($tries + 1 < $count($places) ? 1 : $min([${most}, ${first} * $power(2, $min([$tries + 1 - $count($places), 12]))]))`;
}

export function launchStates(config: MachineConfig, refs: MachineRefs): States {
  const tags = (resource: string): Json => ({
    ResourceType: resource,
    Tags: [
      { Key: TAG.name, Value: config.name },
      { Key: TAG.job, Value: jsonata("$jobId") },
      { Key: TAG.launch, Value: jsonata("$string($launch + 1)") },
      { Key: TAG.execution, Value: jsonata(ME) },
      { Key: "Name", Value: jsonata(`${literal(`${config.name} `)} & $jobId & ' ' & $string($launch + 1)`) },
      ...Object.entries(config.tags).filter(([key]) => key !== "Name").map(([Key, Value]) => ({ Key, Value })),
    ],
  });

  const wait = { Type: "Wait", Seconds: jsonata(`$ceil(${waitSeconds(config)} * (0.8 + 0.4 * $random()))`) };
  const nextTry = { tries: jsonata("$tries + 1"), place: jsonata("$place + 1") };

  return {
    "Launch an instance": {
      Type: "Task",
      Resource: sdk(refs, "ec2:createFleet"),
      Arguments: {
        Type: "instant",
        ClientToken: jsonata(`$hash(${ME} & '/' & $string($launch + 1) & '/' & $string($tries), 'SHA-256')`),
        LaunchTemplateConfigs: [
          {
            LaunchTemplateSpecification: { LaunchTemplateId: refs.launchTemplateId, Version: refs.launchTemplateVersion },
            Overrides: config.instanceTypes.map((type) => ({
              InstanceType: type,
              [refs.placeKind]: jsonata("$places[$place % $count($places)]"),
              ...(config.spotMaxPrice === undefined ? {} : { MaxPrice: String(config.spotMaxPrice) }),
            })),
          },
        ],
        TargetCapacitySpecification: { TotalTargetCapacity: 1, SpotTargetCapacity: 1, OnDemandTargetCapacity: 0, DefaultTargetCapacityType: "spot" },
        SpotOptions: { AllocationStrategy: "price-capacity-optimized", InstanceInterruptionBehavior: "terminate" },
        TagSpecifications: [tags("instance"), tags("fleet")],
      },
      Retry: RETRY_LAUNCH,
      Catch: [
        {
          ErrorEquals: ["States.ALL"],
          Assign: {
            instanceId: jsonata("''"),
            launchCodes: [jsonata("$states.errorOutput.Error")],
            launchMessage: jsonata("$exists($states.errorOutput.Cause) ? $states.errorOutput.Cause : ''"),
          },
          Output: {},
          Next: "Did it start?",
        },
      ],
      // An instant fleet reports what it could not launch in Errors, beside an empty list of Instances.
      Assign: {
        instanceId: jsonata("$exists($states.result.Instances.InstanceIds) ? ($states.result.Instances.InstanceIds)[0] : ''"),
        launchCodes: jsonata("[$distinct($states.result.Errors.ErrorCode)]"),
        launchMessage: jsonata("$exists($states.result.Errors.ErrorMessage) ? ($states.result.Errors.ErrorMessage)[0] : 'EC2 gave no reason'"),
      },
      Output: {},
      Next: "Did it start?",
    },
    "Did it start?": {
      Type: "Choice",
      Choices: [
        { Condition: jsonata("$instanceId != ''"), Next: "Wait for the attempt" },
        ...REFUSALS.map(({ codes, phrase, fix }) => ({
          Condition: jsonata(
            `$count($launchCodes[$ in ${JSON.stringify(codes)}]) > 0 or ('Ec2.Ec2Exception' in $launchCodes and $contains($lowercase($launchMessage), ${literal(phrase.toLowerCase())}))`,
          ),
          Assign: { fix },
          Next: "Launch refused",
        })),
        {
          Condition: jsonata(`$waitedSeconds >= ${config.noCapacityLimitMinutes * 60} or $failedLaunchEvents >= ${MOST_FAILED_LAUNCH_EVENTS}`),
          Next: "No capacity",
        },
        { Condition: jsonata("$ownerLease > 0"), Next: "Wait while the owner works" },
      ],
      Default: "Wait for capacity",
    },
    "Wait for capacity": {
      ...wait,
      Assign: { ...nextTry, failedLaunchEvents: jsonata(`$failedLaunchEvents + ${FAILED_LAUNCH_EVENTS}`), waitedSeconds: jsonata(`$waitedSeconds + ${waitSeconds(config)}`) },
      Next: "Launch an instance",
    },
    // It may end the job, or stop working, before there is a successor. Nothing is lost by waiting meanwhile.
    "Wait while the owner works": {
      ...wait,
      Assign: { ...nextTry, failedLaunchEvents: jsonata(`$failedLaunchEvents + ${FAILED_LAUNCH_BESIDE_OWNER_EVENTS}`) },
      Next: "Look at the ledger",
    },
    "Launch refused": fail("LaunchRefused", `'No instance can be launched: ' & $join($launchCodes, ', ') & ': ' & $launchMessage & '. ' & $fix & ${resumeHint()}`),
    "No capacity": fail(
      "NoCapacity",
      `'No instance was to be had for ' & $string($round($waitedSeconds / 60)) & ' minutes: ' & $join($launchCodes, ', ') & ': ' & $launchMessage & '. Add instance types or zones (knobs instanceTypes, zones, subnetIds), or raise spotMaxPrice if it is set.' & ${resumeHint()}`,
    ),
  };
}
