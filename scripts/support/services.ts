/** Every service with its protocols and operations, beside what AWS's own client of it can call. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Service } from "../../harness/region/core/types";
import { limitsOf } from "./limits";
import { code, codes, folded, table, type Section } from "./markdown";

const SERVICES_FOLDER = join(__dirname, "..", "..", "harness", "region", "services");

/** The folder of a service: most are called as the service is. */
const FOLDERS: Readonly<Record<string, string>> = { eventbridge: "events", "cloudwatch-logs": "logs", "resource-groups-tagging-api": "tagging", "elastic-load-balancing-v2": "elbv2" };

const folderOf = (service: Service): string => `region/services/${FOLDERS[service.name] ?? service.name}`;

/** The operations that the installed SDK client of a service can call; undefined when that client is not installed. */
function operationsOnAws(service: Service): string[] | undefined {
  const name = `@aws-sdk/client-${service.name}`;
  if (!existsSync(join(__dirname, "..", "..", "node_modules", name))) return undefined;
  return Object.keys(require(name) as object).filter((exported) => exported.endsWith("Command") && exported !== "$Command").map((exported) => exported.slice(0, -"Command".length)).sort();
}

export function servicesSection(services: readonly Service[], more: Readonly<Record<string, readonly string[]>>): Section {
  const missing = readdirSync(SERVICES_FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory() && entry.name !== "imds")
    .filter(({ name }) => !services.some((service) => folderOf(service).endsWith(`/${name}`)));
  if (missing.length > 0) throw new Error(`the region's SERVICES lack ${missing.map(({ name }) => name).join(", ")}, or scripts/support/services.ts does not know their folders`);
  const rows = services.map((service) => [
    `[${service.name}](#${service.name})`, code(service.signingName), service.protocols.join(", "), String(Object.keys(service.operations).length), String(operationsOnAws(service)?.length ?? "not known"),
  ]);
  return {
    title: "Services and operations",
    blocks: [
      "Names as in the AWS SDK's packages. The last column counts what the installed SDK client can call.",
      table(["service", "signing name", "protocols", "operations", "on AWS"], rows),
    ],
    sections: services.map((service) => section(service, more[service.name] ?? [])),
  };
}

function section(service: Service, more: readonly string[]): Section {
  const operations = Object.keys(service.operations).sort();
  const onAws = operationsOnAws(service);
  const refused = onAws?.filter((operation) => !operations.includes(operation)) ?? [];
  return {
    title: service.name,
    blocks: [
      `Operations: ${codes(operations)}.`,
      ...(onAws === undefined ? [`The SDK's client of ${service.name} is not installed, so that what AWS has besides is not listed; it is refused by name.`] : []),
      ...(refused.length > 0 ? [folded(`${refused.length} refused by name`, codes(refused))] : []),
      ...more,
      ...limitsOf(folderOf(service)),
    ],
  };
}
