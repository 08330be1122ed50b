/** What of a guest is simpler than an instance's operating system. */
export const SIMPLIFIED = {
  files: "A guest's root is a folder on this machine: in scripts of user data, and in commands of units, paths of the guest's own folders are replaced by their places there; a path that a program makes up at run time is not.",
  groups: "On virtual time a Python program that another Python program starts has a process group and session of its own; what a shell starts is in the shell's.",
  memory: "A guest's memory and disk have no bounds but this machine's: the kernel ends nothing for want of memory, and OOMPolicy= and OOMScoreAdjust= of a unit are checked and change nothing.",
  users: "All processes and files of a guest are of one user, whoever it is that runs the region; root and ec2-user stand for that one.",
  metadata: "In scripts of user data, the metadata service's address 169.254.169.254 is replaced by that of the instance's own service; other programs find it by AWS_EC2_METADATA_SERVICE_ENDPOINT, as the SDKs do.",
} as const;
