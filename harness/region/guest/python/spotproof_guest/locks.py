"""The lock on which all of threading stands (conditions, events, semaphores) and queues with it, exchanged for a guest's own."""
import threading
import time


def install(lock):
    """`lock` is a class with what threading.Lock has. Waits end by the guest's clock from then on."""
    import queue

    threading._allocate_lock = threading.Lock = lock
    threading._CRLock = None  # RLock() then makes the Python class, which stands on the lock
    threading._time = queue.time = time.monotonic
    queue.SimpleQueue = queue._PySimpleQueue
