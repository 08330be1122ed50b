/** What of EC2 is refused by name (phrases that complete "The embedded region does not support …"), and what is simpler than on AWS. */
import type { InertMembers, RefusedMembers } from "../../core/unsupported";

export const REFUSED = {
  fleetTypes: "EC2 Fleets of any Type but 'instant'",
  fleetMaxTotalPrice: "MaxTotalPrice of CreateFleet",
  fleetCapacityUnits: "any TargetCapacityUnitType of CreateFleet but 'units'",
  fleetTemplateMarket: "launch templates with InstanceMarketOptions in CreateFleet; the fleet's TargetCapacitySpecification says what is Spot",
  hibernation: "hibernation (HibernationOptions.Configured)",
  enclaves: "Nitro Enclaves (EnclaveOptions.Enabled)",
  capacityReservations: "Capacity Reservations (CapacityReservationTarget)",
  tenancy: "any Placement.Tenancy but 'default'",
  placement: "placement by group, host or partition (Placement.GroupName, GroupId, HostId, HostResourceGroupArn, PartitionNumber)",
  severalInterfaces: "more than one network interface",
  existingInterfaces: "existing network interfaces (NetworkInterface.NetworkInterfaceId)",
  markets: "any InstanceMarketOptions.MarketType but 'spot'",
  spotTypes: "Spot requests of any type but 'one-time'",
  interruptionBehaviors: "any InstanceInterruptionBehavior but 'terminate'",
} as const;

export const SIMPLIFIED = {
  network: "There is one VPC with one subnet a zone; security groups are kept, and filter nothing.",
  stopped: "An On-Demand Instance can be stopped, and may stop when it powers itself off (InstanceInitiatedShutdownBehavior); nothing starts it again.",
  spotPrices: "Spot prices are those of Linux/UNIX, a third of the On-Demand price unless a pool is set otherwise, and change only when one is.",
  endedEarly: "An instance that is gone before the end of its notice, by itself or by its owner, leaves its Spot request with the code of the interruption; AWS documents that for capacity only.",
  keyPairs: "KeyName is kept and shown; there are no key pairs.",
  hopLimit: "HttpPutResponseHopLimit is kept and shown; between a guest and its metadata service there are no hops.",
} as const;

export const REFUSED_MEMBERS: RefusedMembers = {
  AuthorizeSecurityGroupIngress: { SourceSecurityGroupName: [], SourceSecurityGroupOwnerId: [] },
  AuthorizeSecurityGroupEgress: { SourceSecurityGroupName: [], SourceSecurityGroupOwnerId: [] },
  RevokeSecurityGroupIngress: { SourceSecurityGroupName: [], SourceSecurityGroupOwnerId: [] },
  RevokeSecurityGroupEgress: { SourceSecurityGroupName: [], SourceSecurityGroupOwnerId: [] },
  CreateLaunchTemplate: { Operator: [] },
  CreateLaunchTemplateVersion: { ResolveAlias: [] },
  DescribeLaunchTemplateVersions: { ResolveAlias: [] },
  DescribeFleets: { Filter: [], MaxResults: [], NextToken: [] },
  DescribeImages: { ExecutableBy: [["all"], ["self"]] },
};

export const INERT_MEMBERS: InertMembers = {
  DescribeAvailabilityZones: { AllAvailabilityZones: "there are no zones that one must opt in to" },
  DescribeImages: { IncludeDeprecated: "no image is deprecated", IncludeDisabled: "no image is disabled" },
  DescribeInstances: { IncludeManagedResources: "no other service manages instances" },
  DescribeInstanceStatus: { IncludeManagedResources: "no other service manages instances" },
  DescribeInstanceTypes: { IncludeUnsupportedInRegion: "all types are in the region" },
  DescribeLaunchTemplates: { IncludeManagedResources: "no other service manages templates" },
  DescribeLaunchTemplateVersions: { IncludeManagedResources: "no other service manages templates" },
  DescribeVpcs: { MaxResults: "there is one VPC", NextToken: "there is one VPC" },
  StopInstances: { Force: "a guest that does not end within its grace is killed in any case" },
  GetConsoleOutput: { Latest: "the output is always the latest" },
};
