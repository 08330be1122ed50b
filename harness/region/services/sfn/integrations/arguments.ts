/**
 * Arguments of an `aws-sdk:` task against the API's model: what is of another type starts no task.
 * https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
 */
import { conform, type Mismatch, type Step } from "../../../shapes/conform";
import { inputShape } from "../../../shapes/model";
import type { Shape } from "../../../shapes/types";
import type { IntegratedService } from "./services";
import { apiName } from "./values";

const KINDS: Readonly<Partial<Record<Shape["kind"], string>>> = { number: "a NUMBER", boolean: "a BOOLEAN", list: "an ARRAY", map: "an OBJECT", structure: "an OBJECT" };

const fieldOf = (path: readonly Step[]): string => {
  const name = path.findLast((step) => typeof step !== "number") ?? "";
  return typeof name === "string" ? apiName(name) : name.key;
};

const mustBe: Mismatch = (wanted, _found, _value, path) => new Error(`The value for the field '${fieldOf(path)}' must be ${KINDS[wanted] ?? "a STRING"}`);

/** EC2's shapes are those of its wire; its SDK client, through which it is called, has checks of its own. @throws Error with what is wrong */
export function checkArguments({ regionName }: IntegratedService, operation: string, input: object): void {
  const shape = regionName === "ec2" ? undefined : inputShape(regionName, operation);
  if (shape) conform(shape, input, "typed", mustBe);
}
