import { GenerateRandomCommand, KMSClient } from "@aws-sdk/client-kms";
import { boto3, startRegion } from "../../support/region";
import { startSfn } from "../sfn/support";

it("gives as many random bytes as are asked for, the same for the same seed", async () => {
  const draw = async (): Promise<Buffer[]> => {
    const { region } = await startRegion();
    const kms = new KMSClient(region.sdkConfig());
    const next = async (count: number) => Buffer.from((await kms.send(new GenerateRandomCommand({ NumberOfBytes: count }))).Plaintext!);
    const drawn = [await next(4), await next(1024)];
    kms.destroy();
    await region.close();
    return drawn;
  };
  const first = await draw();
  expect(first.map(({ length }) => length)).toEqual([4, 1024]);
  expect(await draw()).toEqual(first);
});

it("refuses lengths outside 1 to 1024, key stores, and every other operation by name, as boto3 sees it", async () => {
  const { region } = await startRegion();
  try {
    expect(await boto3(region, `
kms = client('kms')
result = [len(kms.generate_random(NumberOfBytes=16)['Plaintext'])] + [refused(call, **input)[:2] for call, input in [
  (kms.generate_random, {'NumberOfBytes': 1025}), (kms.generate_random, {}), (kms.generate_random, {'NumberOfBytes': 1, 'CustomKeyStoreId': 'cks-1'}),
  (kms.encrypt, {'KeyId': 'alias/x', 'Plaintext': b'x'}), (kms.create_key, {})]] + [refused(kms.create_key)[2]]`)).toEqual([
      16, ["ValidationException", 400], ["ValidationException", 400], ["CustomKeyStoreNotFoundException", 400],
      ["UnknownOperationException", 400], ["UnknownOperationException", 400], "The embedded region does not support the operation CreateKey of kms.",
    ]);
  } finally {
    await region.close();
  }
});

it("is called by state machines", async () => {
  const test = await startSfn();
  try {
    const { status, output } = await test.execute({ StartAt: "Random", States: { Random: { Type: "Task", Resource: "arn:aws:states:::aws-sdk:kms:generateRandom", Parameters: { NumberOfBytes: 4 }, End: true } } });
    expect(status).toBe("SUCCEEDED");
    expect(output).toEqual({ Plaintext: expect.any(String) });
    const refusal = await test.execute({ StartAt: "Random", States: { Random: { Type: "Task", Resource: "arn:aws:states:::aws-sdk:kms:generateRandom", Parameters: { NumberOfBytes: 0 }, End: true } } });
    expect(refusal).toMatchObject({ status: "FAILED", error: "Kms.KmsException", cause: expect.stringContaining("(Service: Kms, Status Code: 400") });
  } finally {
    await test.region.close();
  }
});
