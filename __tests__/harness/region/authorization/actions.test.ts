import { ACTIONS, ruleOf } from "../../../../harness/region/authorization/actions";
import { startRegion } from "../support/region";

it("has an entry for every operation of every service", async () => {
  const { region } = await startRegion();
  const missing: string[] = [];
  for (const service of region.services.values()) {
    for (const operation of Object.keys(service.operations)) if (!ruleOf(service.name, operation)) missing.push(`${service.name}: add ${operation} to harness/region/authorization/actions`);
  }
  await region.close();
  expect(missing).toEqual([]);
  expect(Object.keys(ACTIONS).filter((service) => !region.services.has(service))).toEqual([]);
});
