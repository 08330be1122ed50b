/**
 * The execution's input, and the first states: whatever is wrong with it ends the execution before anything is done, with a
 * Cause that names the field.
 */
import { MOST_ATTEMPTS } from "../history-bounds";
import { boundsFromInput } from "./bounds";
import type { MachineConfig, MachineRefs } from "./config";
import { fail, jsonata, literal, type Json, type States } from "./language";

/** A field of the execution's input. */
interface InputField {
  required: boolean;
  /** What it must be; used in the message that names it. */
  allowed: string;
  /** JSONata that is true when `$v`, which is there, is not allowed. Evaluated left to right with ?:, so that types come first. */
  wrong: string;
}

const minutes: InputField = {
  required: true,
  allowed: "a number of minutes from 0.1 to 43200 (30 days)",
  wrong: "$type($v) != 'number' ? true : ($v < 0.1 or $v > 43200)",
};

const between = (unit: string, least: number, most: number): Omit<InputField, "required"> => ({
  allowed: `a number of ${unit} from ${least} to ${most}`,
  wrong: `$type($v) != 'number' ? true : ($v < ${least} or $v > ${most})`,
});

/** The execution's input. Whatever is not here is refused. */
export const INPUT_FIELDS: Readonly<Record<string, InputField>> = {
  durationMinutes: minutes,
  checkpointMinutes: minutes,
  saveSeconds: {
    required: false,
    allowed: "a number of seconds from 0 to 3600",
    wrong: "$type($v) != 'number' ? true : ($v < 0 or $v > 3600)",
  },
  saveMegabytes: {
    required: false,
    allowed: "a number of megabytes from 0 to 100000",
    wrong: "$type($v) != 'number' ? true : ($v < 0 or $v > 100000)",
  },
  deadlineMinutes: { required: false, ...between("minutes", 5, 525_600) },
  maxAttempts: {
    required: false,
    allowed: `a whole number from 1 to ${MOST_ATTEMPTS}`,
    wrong: `$type($v) != 'number' ? true : ($v < 1 or $v > ${MOST_ATTEMPTS} or $v != $floor($v))`,
  },
  maxInstanceHours: { required: false, ...between("hours", 0.1, 1_000_000) },
  maxDollars: { required: false, ...between("US dollars", 0.001, 1_000_000) },
  jobId: {
    required: false,
    allowed: "1 to 80 letters, digits, dots, underscores and hyphens, a letter or digit first",
    wrong: "$type($v) != 'string' ? true : $not($contains($v, /^[A-Za-z0-9][A-Za-z0-9_.-]{0,79}$/)) or $contains($v, /\\s/)",
  },
};

/** Of a value that a message shows, in characters. */
const MOST_SHOWN = 100;
/** Of everything that is wrong, in characters. */
const MOST_PROBLEM = 4000;

/** Step Functions adds this to the input of an execution that another one starts. */
const TOLERATED_FIELDS = ["AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID"];

const EXAMPLE_INPUT = '{"durationMinutes": 6, "checkpointMinutes": 2}';

/** JSONata for a value as a message shows it: an input may have 256 KB, a Cause less. */
const shown = (value: string): string => `($shown := $string(${value}); $length($shown) > ${MOST_SHOWN} ? $substring($shown, 0, ${MOST_SHOWN}) & '...' : $shown)`;

/** What a job costs can be told: Spot prices by EC2, those of On-Demand by the deployment. */
const pricesKnown = ({ onDemandAfterMinutes, onDemandDollarsPerHour }: MachineConfig): boolean => onDemandAfterMinutes === undefined || onDemandDollarsPerHour !== undefined;
const PRICES_UNKNOWN: InputField = {
  required: false,
  allowed: "left out: this deployment's jobs may go on On-Demand, and its knob onDemandDollarsPerHour does not say what that costs",
  wrong: "true",
};

/** JSONata for what is wrong with the input: the empty string when nothing is. */
function inputProblem(config: MachineConfig): string {
  const known = [...Object.keys(INPUT_FIELDS), ...TOLERATED_FIELDS];
  const fields = Object.entries({ ...INPUT_FIELDS, ...(pricesKnown(config) ? {} : { maxDollars: PRICES_UNKNOWN }) }).map(([name, field]) => {
    const missing = field.required ? literal(`${name} is missing; it must be ${field.allowed}`) : undefined;
    const given = name === "jobId" ? "$exists($in.jobId) ? $in.jobId : $states.context.Execution.Name" : `$in.${name}`;
    const label = name === "jobId" ? "($exists($in.jobId) ? 'jobId is ' : 'jobId defaults to the execution name, ')" : literal(`${name} is `);
    const wrong = `(${field.wrong}) ? ${label} & ${shown("$v")} & ${literal(`; it must be ${field.allowed}`)}`;
    const body = missing === undefined ? `$exists($v) ? (${wrong})` : `$exists($v) ? (${wrong}) : ${missing}`;
    return `($v := (${given}); ${body})`;
  });
  const unknown = `$keys($in)[$not($ in ${JSON.stringify(known)})].('there is no field ' & ${shown("$")} & '; fields are ${Object.keys(INPUT_FIELDS).join(", ")}')`;
  return `($in := $states.input; $type($in) != 'object' ? ${literal(`the input must be an object, such as ${EXAMPLE_INPUT}`)} : $join([${[...fields, unknown].join(", ")}], '. '))`;
}

export function inputStates(config: MachineConfig, refs: Pick<MachineRefs, "places">): States {
  return {
    "Check the input": {
      Type: "Pass",
      Assign: { problem: jsonata(`$substring(${inputProblem(config)}, 0, ${MOST_PROBLEM})`), places: refs.places as Json },
      Output: {},
      Next: "Is the input good?",
    },
    "Is the input good?": {
      Type: "Choice",
      Choices: [{ Condition: jsonata("$problem = ''"), Next: "Read the input" }],
      Default: "Invalid input",
    },
    "Read the input": {
      Type: "Pass",
      Assign: {
        jobId: jsonata("$exists($states.context.Execution.Input.jobId) ? $states.context.Execution.Input.jobId : $states.context.Execution.Name"),
        durationSeconds: jsonata("$round($states.context.Execution.Input.durationMinutes * 60)"),
        checkpointSeconds: jsonata("$round($states.context.Execution.Input.checkpointMinutes * 60)"),
        saveSeconds: jsonata("$exists($states.context.Execution.Input.saveSeconds) ? $states.context.Execution.Input.saveSeconds : 3"),
        saveMegabytes: jsonata("$exists($states.context.Execution.Input.saveMegabytes) ? $states.context.Execution.Input.saveMegabytes : 0"),
        ...boundsFromInput(config),
        endingReason: jsonata("''"),
        attempts: 0,
        withoutProgress: 0,
        launch: 0,
        sequence: 0,
        percent: 0,
        checkpoint: "none",
        tries: 0,
        drySince: 0,
        dryCodes: [],
        onDemand: false,
        onDemandAttempts: 0,
        takenPlace: jsonata("''"),
        takenType: jsonata("''"),
        hasHadInstances: false,
        failedLaunchEvents: 0,
        ownerLease: 0,
        migrated: [],
        place: jsonata("$floor($random() * $count($places))"),
      },
      Next: "Initialize the ledger",
    },
    "Invalid input": fail("InvalidInput", `$problem & ${literal(`. Start again with an input such as ${EXAMPLE_INPUT}.`)}`),
  };
}
