import { permissionsSection } from "../../../harness/report/permissions";
import { mergePermissions, type PermissionRecord } from "../../../harness/model/permissions";

const record: PermissionRecord = {
  uses: [{ principal: "app", action: "s3:GetObject", resource: "arn:aws:s3:::box/a/b", count: 3, statement: { policy: "inline:app", index: 0, sid: "Read", actionPattern: "s3:GetObject", resourcePattern: "arn:aws:s3:::box/*" } }],
  refusals: [{ principal: "app", action: "s3:PutObject", resource: "arn:aws:s3:::box/a/b", message: "no", where: "inline policy app of role app", add: '{"Effect":"Allow"}', count: 1 }],
  granted: [{ principal: "app", policy: "inline:app", statements: [{ sid: "Read", effect: "Allow", actions: ["s3:GetObject", "s3:ListBucket", "s3:DeleteObject"], resources: ["arn:aws:s3:::box/*"] }] }],
  reasons: { "app/Read/s3:ListBucket": "tells <missing> from forbidden" },
};

test("the section on permissions has refusals with what to add, unused grants with their reasons, wide resources and every call", () => {
  const section = permissionsSection(mergePermissions([{ scenario: "terminated", record }]));
  for (const text of ["1 refused", "{&quot;Effect&quot;:&quot;Allow&quot;}", "inline policy app of role app", "s3:DeleteObject", "none is given: it can go", "tells &lt;missing&gt; from forbidden", "arn:aws:s3:::box/*", "Read of inline:app", "terminated", "1 granted actions were not used, 1 more stay for a reason"]) {
    expect(section).toContain(text);
  }
});
