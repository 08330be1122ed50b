"""The program of a function's execution environment with a Python runtime."""
from spotproof_lambda import runtime

runtime.run()
