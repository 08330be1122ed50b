/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateEventBus.html and its neighbours. */
import { AwsError, type Operation } from "../../../core/types";
import { constraint, unsupported, validation } from "../errors";
import { REFUSED } from "../limits";
import { DEFAULT_BUS, page, setTags, type EventBus, type EventsStore, type Tag } from "../store";

export const createEventBus = (store: EventsStore): Operation<{ Name: string; EventSourceName?: string; Description?: string; Tags?: Tag[]; DeadLetterConfig?: object }> => (input) => {
  if (typeof input.Name !== "string" || !/^[.\-_A-Za-z0-9]{1,256}$/.test(input.Name)) throw constraint(input.Name ?? "null", "name", "Member must satisfy regular expression pattern: [/\\.\\-_A-Za-z0-9]+");
  if (input.EventSourceName !== undefined) throw unsupported(REFUSED.partnerSources);
  if (input.DeadLetterConfig !== undefined) throw unsupported(REFUSED.busDeadLetters);
  if (store.buses.has(input.Name)) throw new AwsError("ResourceAlreadyExistsException", `Event bus ${input.Name} already exists.`);
  const bus = store.addBus(input.Name, input.Description);
  setTags(bus.tags, input.Tags);
  return { EventBusArn: bus.arn, Description: bus.description };
};

export const describeEventBus = (store: EventsStore): Operation<{ Name?: string }> => (input) => members(store.bus(input.Name));

export const listEventBuses = (store: EventsStore): Operation<{ NamePrefix?: string; Limit?: number; NextToken?: string }> => (input) => {
  const buses = [...store.buses.values()].filter((bus) => bus.name.startsWith(input.NamePrefix ?? "")).sort((a, b) => (a.name < b.name ? -1 : 1));
  const { items, NextToken } = page(buses, input.NextToken, input.Limit);
  return { EventBuses: items.map(members), NextToken };
};

export const deleteEventBus = (store: EventsStore): Operation<{ Name: string }> => (input) => {
  if (input.Name === DEFAULT_BUS) throw validation(`Cannot delete event bus ${DEFAULT_BUS}.`);
  const bus = store.buses.get(input.Name);
  if (bus && bus.rules.size > 0) throw validation(`Cannot delete event bus ${input.Name}: it has rules.`);
  store.buses.delete(input.Name);
};

const members = (bus: EventBus): object => ({ Name: bus.name, Arn: bus.arn, Description: bus.description, CreationTime: bus.createdAt, LastModifiedTime: bus.createdAt });
