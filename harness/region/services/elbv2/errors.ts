/** Elastic Load Balancing's refusals. https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/CommonErrors.html and each operation's page */
import { AwsError } from "../../core/types";

export const validation = (message: string): AwsError => new AwsError("ValidationError", message);
export const invalidConfiguration = (message: string): AwsError => new AwsError("InvalidConfigurationRequest", message);
export const invalidTarget = (message: string): AwsError => new AwsError("InvalidTarget", message);
export const resourceInUse = (message: string): AwsError => new AwsError("ResourceInUse", message);
export const targetGroupNotFound = (): AwsError => new AwsError("TargetGroupNotFound", "One or more target groups not found");
export const loadBalancerNotFound = (): AwsError => new AwsError("LoadBalancerNotFound", "One or more load balancers not found");
export const listenerNotFound = (): AwsError => new AwsError("ListenerNotFound", "One or more listeners not found");
/** @param kind `target group`, `load balancer` */
export const duplicateName = (code: string, kind: string, name: string): AwsError => new AwsError(code, `A ${kind} with the same name '${name}' exists, but with different settings`);
