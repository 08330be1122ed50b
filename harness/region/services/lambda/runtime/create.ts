/** Which runtimes there are, and what runs them. https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html */
import type { RegionContext } from "../../../core/types";
import type { Configuration } from "../store";
import type { Environment } from "./environment";
import { NodeEnvironment } from "./node/environment";
import { PythonEnvironment } from "./python/environment";

type Make = new (region: RegionContext, configuration: Configuration, number: number) => Environment;

export const RUNTIMES: Readonly<Record<string, Make>> = {
  "nodejs18.x": NodeEnvironment, "nodejs20.x": NodeEnvironment, "nodejs22.x": NodeEnvironment, "nodejs24.x": NodeEnvironment,
  "python3.9": PythonEnvironment, "python3.10": PythonEnvironment, "python3.11": PythonEnvironment, "python3.12": PythonEnvironment, "python3.13": PythonEnvironment, "python3.14": PythonEnvironment,
};

export const isPython = (runtime: string): boolean => RUNTIMES[runtime] === PythonEnvironment;

export const createEnvironment = (region: RegionContext, configuration: Configuration, number: number): Environment => new RUNTIMES[configuration.runtime]!(region, configuration, number);
