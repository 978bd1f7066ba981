"""`Provider`: settings for another environment in the same program."""

from typing import Unpack

import pulumi

from .configuration import warn_of_clear_secret
from .settings import EXPLICIT, NAMESPACE, ProviderArgs, declared


class Provider(pulumi.ProviderResource):
    """An explicit provider: give it as `opts.provider` to the resources of another environment.

    Settings that are left out come from the environment variables, as for the stack's own settings, except the
    environment's address: it must be given, so that a program never writes to two environments by surprise.

    Args:
        resource_name: the provider's logical name.
        opts: Pulumi's resource options.
        settings: those of `ProviderArgs`, which says what each one is.

    Raises:
        ValueError: `environment_url` is empty.
        TypeError: there is no setting of that name.
    """

    def __init__(
        self,
        resource_name: str,
        /,
        opts: pulumi.ResourceOptions | None = None,
        **settings: Unpack[ProviderArgs],
    ) -> None:
        if not settings.get("environment_url"):
            raise ValueError(f"Provider '{resource_name}' needs an environment_url")
        known = {setting.name: setting for setting in declared().values()}
        secrets: dict[str, object] = {}
        props: dict[str, object] = {f"{NAMESPACE}:{EXPLICIT}": "true"}
        for name, value in settings.items():
            if name not in known:
                raise TypeError(f"Provider has no setting '{name}'; it has {', '.join(known)}")
            if value is not None:
                text = _text(value)
                if known[name].secret:
                    secrets[name] = text
                props[f"{NAMESPACE}:{known[name].key}"] = pulumi.Output.secret(text) if known[name].secret else text
        super().__init__("pulumi-python", resource_name, props, opts)
        for name, text in secrets.items():
            warn_of_clear_secret(f"Provider '{resource_name}': {name}", text, self)


def _text(value: object) -> object:
    """Return a setting as the stack's configuration would hold it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    return value if isinstance(value, str) else pulumi.Output.from_input(value).apply(_text)
