/** docs/feature-support.md, whole: made of the tables that the code itself works by. */
import { createRegion } from "../../harness/region/region";
import { createRandom } from "../../harness/time/prng";
import { createVirtualClock } from "../../harness/time/virtual-clock";
import { experimentsSection, guestsSection, instancesSection } from "./machines";
import { page } from "./markdown";
import { servicesSection } from "./services";
import { stepFunctionsSection } from "./step-functions";
import { conditionsSection, faultsSection, FEATURES, permissionsSection, terraformSection } from "./world";

const INTRODUCTION = [
  "What the embedded region and the harness have, and what they refuse. The region models what running a job on Spot Instances touches: orchestrating, interrupting and observing it. It is no general emulator of AWS.",
  "*Supported* means: it behaves as AWS documents it, in answers, errors and time, as far as the limits beside it do not say otherwise. *Refused by name* means: the caller gets an error that says what is not supported; nothing is accepted and then left undone.",
  "This page is generated from the tables by which the code works (`npm run support`), and a test fails when it is stale. Edit the code, not the page.",
];

/** The page's text. Needs the region's own requirements and nothing else. */
export async function featureSupport(): Promise<string> {
  const clock = createVirtualClock({ startMicroseconds: 0, watchdogSeconds: 0 });
  const region = await createRegion({ clock, random: createRandom("feature support") });
  try {
    return page("What is supported", INTRODUCTION, [
      servicesSection([...region.services.values()], FEATURES),
      stepFunctionsSection(),
      instancesSection(region),
      experimentsSection(),
      permissionsSection(),
      guestsSection(),
      terraformSection(),
      faultsSection(region),
      conditionsSection(),
    ]);
  } finally {
    clock.close();
    await region.close();
  }
}
