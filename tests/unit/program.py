"""A program's side of Pulumi without an engine: what it declares, and what it logs."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pulumi
from pulumi.runtime import mocks

PROJECT, STACK = "pipeline", "prod"


class _Messages(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.texts: dict[str, list[str]] = {"ERROR": [], "WARNING": []}

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.setdefault(record.levelname, []).append(record.getMessage())


@dataclass
class Program(mocks.Mocks):
    """One run of a program: it records the resources that are declared, and answers with their inputs."""

    preview: bool = False
    inputs: dict[str, dict[str, Any]] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    providers: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    configuration: dict[str, str] = field(default_factory=dict)
    """The stack's configuration: full key -> text."""

    encrypted: tuple[str, ...] = ()
    """The keys of it that are secret."""

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        """Take a resource."""
        self.inputs[args.name] = dict(args.inputs)
        self.types[args.name] = args.typ
        self.providers[args.name] = str(args.provider)
        return args.name, dict(args.inputs)

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        """Refuse: a program calls no function."""
        raise AssertionError(f"no function is called, but {args.token} was")

    def run(self, declare: Callable[[], object]) -> "Program":
        """Run a program to its end; what it raises comes through."""
        messages = _Messages()
        logger = logging.getLogger(f"program.{id(self)}")
        logger.propagate = False
        logger.addHandler(messages)
        pulumi.runtime.set_all_config(self.configuration, list(self.encrypted))
        pulumi.runtime.set_mocks(self, PROJECT, STACK, preview=self.preview, logger=logger)

        @pulumi.runtime.test  # type: ignore[untyped-decorator]  # pulumi does not type it
        def program() -> object:
            declare()
            return pulumi.Output.from_input("")

        program()
        self.errors, self.warnings = messages.texts["ERROR"], messages.texts["WARNING"]
        return self
