"""A process that does nothing, for longer than any job."""
import time

time.sleep(1_000_000)
