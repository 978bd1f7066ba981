"""The stack's configuration as a program sees it: which secrets stand there in clear."""

import json
from collections.abc import Iterator

import pulumi
from pulumi.runtime import is_config_secret
from pulumi.runtime.config import CONFIG

from .settings import NAMESPACE, declared

SHORTEST = 4
"""Characters of a secret that is looked for: a shorter text equals much by chance, such as a number."""


def warn_of_clear_secret(whose: str, secret: object, resource: pulumi.Resource) -> None:
    """Warn where a resource's secret stands in the configuration in clear, as soon as it is known; never tell it."""
    there = list(_in_clear())

    def warn(known: object) -> None:
        for key, path, text in there:
            if len(text) >= SHORTEST and text == known:
                nested = "--path " if path != key else ""
                pulumi.log.warn(
                    f"{whose}: stands in clear in the stack's configuration; "
                    f"encrypt it: pulumi config set --secret {nested}'{path}'",
                    resource,
                )

    if there:
        pulumi.Output.from_input(secret).apply(warn)


def warn_of_clear_settings() -> None:
    """Warn of the provider's own settings that are secret and stand in the configuration in clear."""
    secret = {f"{NAMESPACE}:{key}" for key, setting in declared().items() if setting.secret}
    for key in sorted({key for key, _, _ in _in_clear()} & secret):
        pulumi.log.warn(
            f"{key} stands in clear in the stack's configuration; encrypt it: pulumi config set --secret {key}"
        )


def _in_clear() -> Iterator[tuple[str, str, str]]:
    """Yield key, path and text of all that the configuration holds without encryption."""
    for key, value in CONFIG.get().items():
        if not is_config_secret(key):
            for path, text in _texts(key, str(value)):
                yield key, path, text


def _texts(path: str, text: str) -> Iterator[tuple[str, str]]:
    yield path, text
    if text.startswith(("{", "[")):
        try:
            yield from _inside(path, json.loads(text))
        except ValueError:  # a text that only looks like an object
            return


def _inside(path: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, it in value.items():
            yield from _inside(f"{path}.{name}", it)
    elif isinstance(value, list):
        for number, it in enumerate(value):
            yield from _inside(f"{path}[{number}]", it)
    elif isinstance(value, str):
        yield path, value
