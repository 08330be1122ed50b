/** The States Language: states, fields, functions, resources. */
import { HistoryEventType } from "@aws-sdk/client-sfn";
import { PREDEFINED_ERRORS } from "../../harness/asl/errors";
import { EVENT_TYPES } from "../../harness/asl/event-types";
import { INTRINSIC_FUNCTIONS } from "../../harness/asl/jsonpath/intrinsic-functions";
import { AWS_FUNCTIONS } from "../../harness/asl/jsonata/functions";
import { EVERYWHERE, STATE_FIELDS } from "../../harness/asl/parse/fields";
import { STATE_TYPES } from "../../harness/asl/state-types";
import { COMPARISONS, TYPE_TESTS } from "../../harness/asl/states/comparisons";
import { OPTIMIZED } from "../../harness/region/services/sfn/integrations/resolve";
import { SERVICES } from "../../harness/region/services/sfn/integrations/services";
import { limitsOf } from "./limits";
import { code, codes, table, type Section } from "./markdown";

const PATTERN_NAMES: Readonly<Record<string, string>> = { "": "request-response", sync: ".sync", "sync:2": ".sync:2", waitForTaskToken: ".waitForTaskToken" };
const patterns = (suffixes: readonly string[]): string => suffixes.map((suffix) => PATTERN_NAMES[suffix] ?? `.${suffix}`).join(", ");
const { version: JSONATA_VERSION } = require("jsonata/package.json") as { version: string };

export function stepFunctionsSection(): Section {
  return {
    title: "Step Functions' language",
    blocks: ["Standard workflows, in both query languages, per machine and per state.", ...limitsOf("asl")],
    sections: [
      {
        title: "States and their fields",
        blocks: [
          `Every state: ${codes(EVERYWHERE)}.`,
          table(["state", "in both languages", "JSONPath only", "JSONata only"], STATE_TYPES.map((type) => [type, codes(STATE_FIELDS[type].both), codes(STATE_FIELDS[type].JSONPath), codes(STATE_FIELDS[type].JSONata)])),
        ],
      },
      {
        title: "Choice's operators (JSONPath)",
        blocks: [`${codes(Object.entries(COMPARISONS).flatMap(([name, { byPath }]) => (byPath ? [name, `${name}Path`] : [name])))}; ${codes(Object.keys(TYPE_TESTS))}; ${codes(["And", "Or", "Not"])}.`],
      },
      {
        title: "Functions",
        blocks: [
          `Intrinsic functions: ${codes(Object.keys(INTRINSIC_FUNCTIONS))}.`,
          `JSONata: those of the library jsonata ${JSONATA_VERSION} but \`$eval\`, which the service does not have; and these, of which AWS adds some, and which otherwise would see the real clock or unseeded randomness: ${codes(AWS_FUNCTIONS.map(({ name }) => `$${name}`))}.`,
        ],
      },
      {
        title: "Errors",
        blocks: [table(["name", "when"], Object.entries(PREDEFINED_ERRORS).map(([name, when]) => [code(name), when]))],
      },
      {
        title: "Events of a history",
        blocks: [`${codes(EVENT_TYPES)}.`, `Of AWS's, these do not occur: ${codes(Object.values(HistoryEventType).filter((type) => !(EVENT_TYPES as readonly string[]).includes(type)))}.`],
      },
      {
        title: "Resources of Task states",
        blocks: [
          "What is not here is refused when the state machine is created.",
          table(["resource", "operations", "patterns"], [
            ["a function's ARN", "", patterns([""])],
            ...Object.entries(OPTIMIZED).map(([name, { operations, patterns: offered }]) => [code(`arn:aws:states:::${name}:…`), codes(operations), patterns(offered)]),
            ...SERVICES.map(({ arnName, regionName }) => [code(`arn:aws:states:::aws-sdk:${arnName}:…`), `every operation of [${regionName}](#${regionName})`, patterns(["", "waitForTaskToken"])]),
          ]),
        ],
      },
    ],
  };
}
