"""Reads a list of az command lines as JSON, and prints for each what az's own parser says against it, or null.

Nothing is run, and nobody is asked: the parser is that of the installed azure-cli, with the arguments of the command.
"""

import contextlib
import io
import json
import shlex
import sys

from azure.cli.core import MainCommandsLoader, get_default_cli


def complaint(line):
    words = shlex.split(line, comments=True)[1:]
    cli = get_default_cli()
    loader = MainCommandsLoader(cli)
    cli.invocation = cli.invocation_cls(
        cli_ctx=cli,
        parser_cls=cli.parser_cls,
        commands_loader_cls=cli.commands_loader_cls,
        help_cls=cli.help_cls,
    )
    cli.invocation.commands_loader = loader
    loader.load_command_table(words)
    name = next(
        (
            " ".join(words[:count])
            for count in range(len(words), 0, -1)
            if " ".join(words[:count]) in loader.command_table
        ),
        None,
    )
    if name is None:
        return "no such command"
    loader.command_table = {name: loader.command_table[name]}
    cli.invocation.data["command_string"] = name
    loader.load_arguments(name)
    parser = cli.invocation.parser
    parser.load_command_table(loader)
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
        try:
            parser.parse_args(words)
        except SystemExit as end:
            return said.getvalue().strip().split("\n")[0] or f"exit code {end.code}"
        except Exception as error:  # az raises its own errors for what it does not take
            return str(error)
    return None


json.dump([complaint(line) for line in json.load(sys.stdin)], sys.stdout)
