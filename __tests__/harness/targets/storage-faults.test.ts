/** Faults of a job's storage, in a region whose S3 and DynamoDB are real, and strike the instances' role alone. */
import { checkpointDamageInjector, storageErrorsInjector } from "../../../harness/targets/injectors/storage";
import type { InjectionContext } from "../../../harness/targets/target";
import type { Injector } from "../../../harness/targets/target";
import { InjectedErrors } from "../../../harness/region/core/injected-errors";
import type { Caller } from "../../../harness/region/core/types";
import { seconds } from "../../../harness/time/clock";
import { createVirtualClock } from "../../../harness/time/virtual-clock";

const role = (roleName: string): Caller => ({ roleName } as Caller);
const inject = (injector: Injector, fault: object, more: object = {}) => {
  const clock = createVirtualClock({ startMicroseconds: 0, watchdogSeconds: 0 });
  return clock.run("test", async () => {
    const struck = jest.fn();
    const outcome = injector.inject({ fault, clock, jobId: "j", outputs: { name: "spotproof", checkpointBucket: "b", ledgerTable: "t" }, struck, over: () => false, ...more } as unknown as InjectionContext);
    return { outcome: await outcome, struck: struck.mock.calls.length, now: clock.now() };
  });
};

describe("errors of a service", () => {
  const seen = (injected: InjectedErrors, service: string, name = "spotproof-instance"): string => {
    try {
      injected.check(service, role(name));
      return "ok";
    } catch (error) {
      return (error as { code: string }).code;
    }
  };

  it.each([
    ["s3", "throttled", "SlowDown"], ["s3", "denied", "AccessDenied"], ["s3", "failing", "InternalError"], ["s3", "expired", "ExpiredToken"],
    ["dynamodb", "throttled", "ProvisionedThroughputExceededException"], ["dynamodb", "denied", "AccessDeniedException"], ["dynamodb", "failing", "InternalServerError"], ["dynamodb", "expired", "ExpiredTokenException"],
  ])("%s %s: %s, for the instances' role alone, while it lasts", async (service, answer, code) => {
    const injected = new InjectedErrors();
    let during: string[] = [];
    const { outcome, now, struck } = await inject(storageErrorsInjector(injected, 1), { kind: "storage-errors", service, answer, durationSeconds: 30 }, {
      struck: () => { during = [seen(injected, service), seen(injected, service, "spotproof-state-machine"), seen(injected, service === "s3" ? "dynamodb" : "s3")]; },
    });
    expect([outcome, now, during, seen(injected, service), struck]).toEqual([{ status: "completed" }, seconds(30), [code, "ok", "ok"], "ok", 0]);
  });
});

describe("a damaged checkpoint", () => {
  const item = { last: { M: { key: { S: "last" } } }, previous: { M: { key: { S: "previous" } } } };
  const damage = async (kind: string, Item: object | undefined = item) => {
    const objects: Record<string, Buffer> = { last: Buffer.alloc(2048, "l"), previous: Buffer.alloc(1024, "p") };
    const region = {
      admin: role("admin"),
      async call(_caller: Caller, _service: string, operation: string, { Key, Body }: { Key: string; Body?: Buffer }) {
        if (operation === "GetObject") return { Body: { transformToByteArray: async () => objects[Key] } };
        if (operation === "PutObject") objects[Key] = Body!;
        else delete objects[Key];
        return {};
      },
    };
    const { outcome } = await inject(checkpointDamageInjector(region as never, 1), { kind: "checkpoint-damage", damage: kind }, { clients: { dynamodb: { send: async () => ({ Item }) } } });
    return { outcome, objects };
  };

  it("is the last one; the one before stays as it is", async () => {
    for (const kind of ["truncated", "altered", "older", "missing"]) expect((await damage(kind)).objects["previous"]!.equals(Buffer.alloc(1024, "p"))).toBe(true);
    expect((await damage("truncated")).objects["last"]!.length).toBe(1024);
    expect((await damage("altered")).objects["last"]!.filter((byte) => byte !== "l".charCodeAt(0)).length).toBe(1);
    expect((await damage("older")).objects["last"]!.equals(Buffer.alloc(1024, "p"))).toBe(true);
    expect((await damage("missing")).objects).not.toHaveProperty("last");
  });

  it("needs one to be there", async () => {
    expect((await damage("missing", {})).outcome).toMatchObject({ status: "missed" });
    expect((await damage("older", { last: item.last })).outcome).toMatchObject({ status: "missed" });
  });
});
