/**
 * Elastic Load Balancing (version 2) as far as an instance in a target group touches it: target groups with their targets' states on
 * the clock, and load balancers with listeners that put a group into use. No traffic flows.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/Welcome.html
 */
import type { RegionContext, Service } from "../../core/types";
import { refusingMembers } from "../../core/unsupported";
import { queryService } from "../../wire/query";
import { adoptTargetGroup } from "./adopt";
import { validation } from "./errors";
import { REFUSED_MEMBERS } from "./limits";
import { createListener } from "./operations/create-listener";
import { createLoadBalancer } from "./operations/create-load-balancer";
import { createTargetGroup } from "./operations/create-target-group";
import { deleteListener } from "./operations/delete-listener";
import { deleteLoadBalancer } from "./operations/delete-load-balancer";
import { deleteTargetGroup } from "./operations/delete-target-group";
import { deregisterTargets } from "./operations/deregister-targets";
import { describeListeners } from "./operations/describe-listeners";
import { describeLoadBalancers } from "./operations/describe-load-balancers";
import { describeTargetGroups } from "./operations/describe-target-groups";
import { describeTargetHealth } from "./operations/describe-target-health";
import { modifyTargetGroup } from "./operations/modify-target-group";
import { registerTargets } from "./operations/register-targets";
import { addTags, describeTags, removeTags } from "./operations/tags";
import { describeTargetGroupAttributes, modifyTargetGroupAttributes } from "./operations/target-group-attributes";
import { ElbState } from "./state";

export interface ElbService extends Service {
  /** Makes a target group that has been there for long, with that ARN, in use by a load balancer. */
  adoptTargetGroup(arn: string): Promise<void>;
}

export function createElbService(region: RegionContext): ElbService {
  const state = new ElbState(region);
  const service = queryService({
    name: "elastic-load-balancing-v2",
    signingName: "elasticloadbalancing",
    xmlns: "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/",
    version: "2015-12-01",
    region,
    operations: refusingMembers({
      CreateTargetGroup: createTargetGroup(state),
      DescribeTargetGroups: describeTargetGroups(state),
      ModifyTargetGroup: modifyTargetGroup(state),
      DeleteTargetGroup: deleteTargetGroup(state),
      DescribeTargetGroupAttributes: describeTargetGroupAttributes(state),
      ModifyTargetGroupAttributes: modifyTargetGroupAttributes(state),
      RegisterTargets: registerTargets(state),
      DeregisterTargets: deregisterTargets(state),
      DescribeTargetHealth: describeTargetHealth(state),
      CreateLoadBalancer: createLoadBalancer(state),
      DescribeLoadBalancers: describeLoadBalancers(state),
      DeleteLoadBalancer: deleteLoadBalancer(state),
      CreateListener: createListener(state),
      DescribeListeners: describeListeners(state),
      DeleteListener: deleteListener(state),
      AddTags: addTags(state),
      RemoveTags: removeTags(state),
      DescribeTags: describeTags(state),
    }, REFUSED_MEMBERS, validation),
  });
  return Object.assign(service, { adoptTargetGroup: (arn: string) => adoptTargetGroup(state, arn) });
}
