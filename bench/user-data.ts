/** User data of an instance that runs a Python program as its unit `bench`, with the files that the program needs beside it. */
export const programUserData = (program: string, files: Readonly<Record<string, string>> = {}): string => `#cloud-config\n${JSON.stringify({
  write_files: [
    ...Object.entries(files).map(([name, content]) => ({ path: `/opt/${name}`, content })),
    { path: "/opt/bench.py", content: program },
    { path: "/etc/systemd/system/bench.service", content: "[Service]\nExecStart=/usr/bin/python3 /opt/bench.py\n" },
  ],
  runcmd: [["systemctl", "daemon-reload"], ["systemctl", "enable", "--now", "bench.service"]],
})}`;
