import { gzipSync } from "node:zlib";
import { decodeUserData, parseUserData } from "../../../../harness/region/guest/user-data";

const parse = (body: string) => parseUserData(`#cloud-config\n${body}`);

describe("user data", () => {
  it("comes as base64, gzipped or not", () => {
    expect(decodeUserData(Buffer.from("#cloud-config\n").toString("base64"))).toBe("#cloud-config\n");
    expect(decodeUserData(gzipSync("#cloud-config\nä").toString("base64"))).toBe("#cloud-config\nä");
  });

  it("names packages, files and commands", () => {
    const config = parse(`
packages: [python3-boto3]
write_files:
  - path: /opt/a
    content: "hello"
  - {path: /opt/b, content: aGVsbG8=, encoding: b64, permissions: "0755", owner: root:root, append: true}
  - {path: /opt/c, content: ${gzipSync("hello").toString("base64")}, encoding: gz+b64, permissions: 0600}
runcmd:
  - systemctl daemon-reload
  - [systemctl, enable, --now, x]
`);
    expect(config.packages).toEqual(["python3-boto3"]);
    expect(config.files.map((file) => file.content.toString())).toEqual(["hello", "hello", "hello"]);
    expect(config.files.map((file) => file.mode)).toEqual([0o644, 0o755, 0o600]);
    expect(config.files.map((file) => file.append)).toEqual([false, true, false]);
    expect(config.commands).toEqual(["systemctl daemon-reload", ["systemctl", "enable", "--now", "x"]]);
  });

  it("may be empty", () => expect(parseUserData("")).toEqual({ packages: [], files: [], commands: [], scripts: [] }));

  it.each([
    ["#include\nhttps://example.com", /must begin with "#cloud-config", with "#!" \(a script\), or with the header of a multi-part archive; it begins with "#include"/],
    ["#cloud-boothook\necho", /begins with "#cloud-boothook"/],
    ["Content-Type: multipart/mixed\n\n", /has no boundary/],
    ["Content-Type: multipart/mixed; boundary=x\n\n--x\n\n#!/bin/sh\n", /does not end with the line --x--/],
    ["Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/x-include-url\n\nhttps://example.com\n--x--", /part-001 is of the type text\/x-include-url, which is not supported/],
    ["Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Transfer-Encoding: quoted-printable\n\n#!/bin/sh\n--x--", /transfer encoding quoted-printable/],
    ["Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/x-shellscript\n\necho\n--x--", /the script part-001 must begin with "#!"/],
    ["#cloud-config\n{", /not valid YAML/],
    ["#cloud-config\n[]", /must be a mapping/],
    ["#cloud-config\nusers: []", /"users" is not supported \(what is: packages, write_files, runcmd\)/],
    ["#cloud-config\npackages: x", /packages must be a list/],
    ["#cloud-config\nwrite_files: [{path: /a, acl: x}]", /write_files\[0\]: "acl" is not supported/],
    ["#cloud-config\nwrite_files: [{content: x}]", /write_files\[0\]\.path must be text/],
    ["#cloud-config\nwrite_files: [{path: /a, owner: nobody}]", /owner "nobody" is not supported/],
    ["#cloud-config\nwrite_files: [{path: /a, encoding: rot13}]", /encoding "rot13" is not supported/],
    ["#cloud-config\nwrite_files: [{path: /a, content: x, encoding: gz+b64}]", /content is not gz\+b64/],
    ["#cloud-config\nwrite_files: [{path: /a, permissions: rw}]", /"rw" are no permissions/],
    ["#cloud-config\nruncmd: [{a: b}]", /runcmd\[0\] must be text/],
  ])("is refused by name: %j", (text, message) => expect(() => parseUserData(text)).toThrow(message));
});
