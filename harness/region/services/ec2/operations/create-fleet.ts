/**
 * CreateFleet, type `instant`: instances are launched at once; what could not be launched is in `errorSet`, beside what could.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFleet.html
 */
import type { CallContext } from "../../../core/types";
import type { Ec2Core } from "../core";
import { refuseDryRun } from "../dry-run";
import { FleetLaunch, launchedOut } from "../fleet-launch";
import { readCandidates, readCapacity, readMarkets, validateFleet } from "../fleet-request";
import type { Fleet } from "../fleets";
import { structure, text, type Wire } from "../input";
import { permitFleet } from "../launch-permissions";
import { readTagSpecifications } from "../tags";
import type { Ec2Operation } from "./operation";

export const createFleet: Ec2Operation = (core) => (input, context) => {
  validateFleet(input);
  return core.idempotency.once("CreateFleet", text(input, "ClientToken"), input, () => create(core, input, context));
};

async function create(core: Ec2Core, input: Wire, context: CallContext): Promise<object> {
  // With an instant fleet, the fleet and its instances can be tagged, nothing else.
  const tags = readTagSpecifications(input, ["fleet", "instance"]);
  const candidates = readCandidates(core, input);
  const capacity = readCapacity(structure(input, "TargetCapacitySpecification"));
  permitFleet(core, context, candidates.map(({ template }) => template), tags.get("fleet") ?? new Map());
  const fleetId = fleetIdOf(core);
  const clientToken = text(input, "ClientToken");
  const run = new FleetLaunch(core, context, fleetId, tags.get("instance") ?? new Map(), clientToken, candidates);
  const markets = readMarkets(input, capacity);
  await run.permit(markets.find(({ target }) => target > 0)?.lifecycle ?? "on-demand");
  refuseDryRun(input);
  for (const market of markets) if (market.target > 0) await run.launch(market);

  const fleet: Fleet = {
    id: fleetId, createdAt: core.now(), request: input, errors: run.errors, instances: run.launched.map(launchedOut), capacity, fulfilled: run.fulfilled,
    ...(clientToken ? { clientToken } : {}),
  };
  core.fleets.set(fleetId, fleet);
  core.tags.put(fleetId, tags.get("fleet") ?? new Map());
  return { fleetId, errorSet: fleet.errors, fleetInstanceSet: fleet.instances };
}

const fleetIdOf = (core: Ec2Core): string =>
  `fleet-${[8, 4, 4, 4, 12].map((length) => core.random.hex(length)).join("-")}`;
