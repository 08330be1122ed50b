/** The injectors that need nothing but AWS's APIs: every target has them. */
import type { FaultKind } from "../../model/scenario";
import type { Injector } from "../target";
import { experimentInjector } from "./experiment";
import { startExecutionInjector } from "./start-execution";
import { stopExecutionInjector } from "./stop-execution";
import { vanishInjector } from "./vanish";

export const apiInjectors = (resolutionSeconds: number): Partial<Record<FaultKind, Injector>> => ({
  interrupt: experimentInjector((outputs) => outputs.interruptTemplateId, resolutionSeconds),
  terminate: experimentInjector((outputs) => outputs.terminateTemplateId, resolutionSeconds),
  vanish: vanishInjector(resolutionSeconds),
  "no-capacity": experimentInjector((outputs) => outputs.noCapacityTemplateId, resolutionSeconds),
  "stop-execution": stopExecutionInjector(resolutionSeconds),
  "start-execution": startExecutionInjector(resolutionSeconds),
});
