/**
 * Amazon EventBridge: the default bus that AWS services publish on, custom buses, rules with event patterns or
 * schedules, and their targets.
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/Welcome.html
 */
import type { RegionContext, Service, ServiceEvent } from "../../core/types";
import { refusingMembers } from "../../core/unsupported";
import { jsonService } from "../../wire/json";
import { Deliveries, type FailedDelivery } from "./delivery";
import { envelope } from "./envelope";
import { validation } from "./errors";
import { REFUSED_MEMBERS } from "./limits";
import { deleteRule } from "./operations/delete-rule";
import { describeRule } from "./operations/describe-rule";
import { disableRule, enableRule } from "./operations/enable-rule";
import { createEventBus, deleteEventBus, describeEventBus, listEventBuses } from "./operations/event-buses";
import { listRuleNamesByTarget, listRules } from "./operations/list-rules";
import { listTargetsByRule } from "./operations/list-targets-by-rule";
import { putEvents } from "./operations/put-events";
import { putRule } from "./operations/put-rule";
import { putTargets } from "./operations/put-targets";
import { removeTargets } from "./operations/remove-targets";
import { listTagsForResource, tagResource, untagResource } from "./operations/tags";
import { testEventPattern } from "./operations/test-event-pattern";
import { Scheduler } from "./scheduler";
import { DEFAULT_BUS, EventsStore } from "./store";

export interface EventsService extends Service {
  /** Puts an event of an AWS service on the default bus. */
  publish(event: ServiceEvent): void;
  /** Deliveries that were given up, in order. */
  readonly failures: readonly FailedDelivery[];
}

export function createEventsService(region: RegionContext): EventsService {
  const random = region.random.fork("eventbridge");
  const store = new EventsStore(region);
  const deliveries = new Deliveries(store);
  const scheduler = new Scheduler(store, deliveries, random);
  const service = jsonService({
    name: "eventbridge",
    signingName: "events",
    region,
    version: "1.1",
    targetPrefix: "AWSEvents",
    operations: refusingMembers({
      PutRule: putRule(store, scheduler),
      DescribeRule: describeRule(store),
      DeleteRule: deleteRule(store, scheduler),
      EnableRule: enableRule(store, scheduler),
      DisableRule: disableRule(store, scheduler),
      ListRules: listRules(store),
      ListRuleNamesByTarget: listRuleNamesByTarget(store),
      PutTargets: putTargets(store),
      RemoveTargets: removeTargets(store),
      ListTargetsByRule: listTargetsByRule(store),
      PutEvents: putEvents(store, deliveries, random),
      TestEventPattern: testEventPattern(),
      CreateEventBus: createEventBus(store),
      DescribeEventBus: describeEventBus(store),
      ListEventBuses: listEventBuses(store),
      DeleteEventBus: deleteEventBus(store),
      TagResource: tagResource(store),
      UntagResource: untagResource(store),
      ListTagsForResource: listTagsForResource(store),
    }, REFUSED_MEMBERS, validation),
  });
  return Object.assign(service, {
    failures: deliveries.failures,
    publish: (event: ServiceEvent) => deliveries.send(envelope(region, random, event), DEFAULT_BUS),
  });
}
