/** What of a guest is simpler than an instance's operating system. */
export const SIMPLIFIED = {
  files: "A guest's root is a folder on this machine: in scripts of user data, and in commands of units, paths of the guest's own folders are replaced by their places there; a path that a program makes up at run time is not.",
  groups: "On virtual time a Python program that another Python program starts has a session of its own.",
  memory: "The memory of an instance is for its processes alone, what AWS states for its type: the kernel and the system's own services take none. It is looked at when a process ends its turn (on a paced clock every 100 ms): what is held for less is not seen. Within a turn, of which every 25 ms of real time are looked at, half as much again may be held. A Python process holds what boto3 takes, though it does not use it. There are no swap, no tmpfs and no page cache, /proc/meminfo is this machine's, and MemoryMax= is refused. Only on Linux is memory bounded.",
  volume: "A full root volume is met by what Python writes with open, os.write and their like, and shown by os.statvfs, to a hundredth of its size. Other programs, and C code within Python (sqlite, mmap), find room; that they have written beyond its end is refused by name, at a look every five seconds and one at the guest's end. The image itself takes no room, nor do files that have lost their names.",
  users: "All processes and files of a guest are of one user, whoever it is that runs the region; root and ec2-user stand for that one.",
  metadata: "In scripts of user data, the metadata service's address 169.254.169.254 is replaced by that of the instance's own service; other programs find it by AWS_EC2_METADATA_SERVICE_ENDPOINT, as the SDKs do.",
} as const;
