import { ofAnyMachine } from "../../../harness/runner/of-any-machine";

it("what an instance tells is without this machine's ports and folders", () => {
  expect(ofAnyMachine(`Could not connect to "http://127.0.0.1:4312/x"; File "/tmp/a-b/spotproof-Ab3_x9/instances/i-5e1ed2a1300cdb391/var/lib/spotproof/workload.py", line 80`))
    .toBe(`Could not connect to "http://127.0.0.1/x"; File "/var/lib/spotproof/workload.py", line 80`);
  expect(ofAnyMachine("s3://b/instances/i-5e1ed2a1300cdb391/x")).toBe("s3://b/instances/i-5e1ed2a1300cdb391/x");
});
