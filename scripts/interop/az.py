"""Carries out commands of the Azure CLI that this Python has, each in a process of its own.

A line on standard input is one command, a JSON list of the words after `az`; a line on standard output is how it ended.
The CLI's own main program runs, as `python -m azure.cli` starts it; its process is a copy of this one, which has loaded the
CLI's modules already, as loading them takes many times longer than most commands.
"""

import gc
import importlib
import json
import os
import runpy
import sys
import tempfile

MODULES = ["iot", "identity", "resource", "role", "util"]
LOADED = [
    "azure.cli.core.telemetry",
    "azure.cli.core.intercept_survey",
    "azure.cli.core.auth.identity",
    "azure.cli.core.commands.client_factory",
    "azure.cli.command_modules.profile.custom",
    "azure.mgmt.authorization",
    "azure.mgmt.msi",
    "azure.mgmt.resource.resources.models",
    *(f"azure.cli.command_modules.{name}.{part}" for name in MODULES for part in ["commands", "custom"]),
]


def become_az(words, out, err):
    """Turns this process into the CLI's; does not return."""
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(out.fileno(), 1)
    os.dup2(err.fileno(), 2)
    sys.argv = ["az", *words]
    runpy.run_module("azure.cli", run_name="__main__", alter_sys=True)
    sys.exit(0)


def text_of(file):
    file.seek(0)
    return file.read().decode()


for name in LOADED:
    importlib.import_module(name)
# What is loaded stays in pages that all copies share.
gc.freeze()
for line in sys.stdin:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = os.fork()
        if process == 0:
            become_az(json.loads(line), out, err)
        _, status = os.waitpid(process, 0)
        code = os.waitstatus_to_exitcode(status)
        print(json.dumps({"code": code, "out": text_of(out), "err": text_of(err)}), flush=True)
