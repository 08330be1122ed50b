#!/bin/sh
# A shell that knows nothing of signals around a program that does.
echo "to work"
python3 misbehave.py
