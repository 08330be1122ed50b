/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeInstanceInformation.html */
import { toDate } from "../../../../time/clock";
import { pageOf } from "../../../core/paging";
import { AwsError, type Operation } from "../../../core/types";
import { notSupported } from "../../../core/unsupported";
import type { Machine } from "../../ec2";
import { REFUSED } from "../limits";
import type { Commands } from "../run-command/commands";
import { managedNodes } from "../run-command/nodes";

interface Input { Filters?: { Key: string; Values: string[] }[]; InstanceInformationFilterList?: { key: string; valueSet: string[] }[]; MaxResults?: number; NextToken?: string }

const pingStatus = ({ isAlive }: Machine): string => (isAlive ? "Online" : "ConnectionLost");

const FILTERS: Readonly<Record<string, (node: Machine) => string>> = {
  InstanceIds: ({ instanceId }) => instanceId, PingStatus: pingStatus, PlatformTypes: () => "Linux", PlatformType: () => "Linux", ResourceType: () => "EC2Instance", IamRole: () => "",
};

function fits(node: Machine, key: string, values: readonly string[]): boolean {
  if (key.startsWith("tag:")) return values.includes(node.tags.get(key.slice("tag:".length)) ?? "\0");
  if (key === "tag-key") return values.some((each) => node.tags.has(each));
  if (!Object.hasOwn(FILTERS, key)) throw new AwsError("InvalidFilterKey", notSupported(REFUSED.nodeFilters, key));
  return values.includes(FILTERS[key]!(node));
}

export const describeInstanceInformation = (commands: Commands): Operation<Input> => async ({ Filters = [], InstanceInformationFilterList = [], MaxResults = 10, NextToken }) => {
  const filters = [...Filters, ...InstanceInformationFilterList.map(({ key, valueSet }) => ({ Key: key, Values: valueSet }))];
  const nodes = managedNodes(commands.region).filter((node) => filters.every(({ Key, Values }) => fits(node, Key, Values)));
  const { items, nextToken } = pageOf(nodes, MaxResults, NextToken, "InvalidNextToken");
  return {
    InstanceInformationList: items.map((node) => ({
      InstanceId: node.instanceId, PingStatus: pingStatus(node), LastPingDateTime: toDate(commands.region.clock.now()), AgentVersion: "3.3.2299.0", IsLatestVersion: true,
      PlatformType: "Linux", PlatformName: "Amazon Linux", PlatformVersion: "2023", ResourceType: "EC2Instance", IPAddress: node.privateIp, ComputerName: node.hostname,
      SourceId: node.instanceId, SourceType: "AWS::EC2::Instance",
    })),
    NextToken: nextToken,
  };
};
