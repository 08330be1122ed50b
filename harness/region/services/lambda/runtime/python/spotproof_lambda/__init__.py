"""
Lambda's Python runtime: loads a handler, and asks the runtime API for one event after the other.

runtime   the loop, and what is told of errors
context   the handler's second argument
encoding  results as JSON
logs      what logging writes
paths     /var/task and /tmp, which are folders of the environment's own here
"""
