"""A dynamic provider that does nothing: what is left of a run's time is Pulumi's own."""

from collections.abc import Mapping
from uuid import uuid4

import pulumi
from pulumi.dynamic import CreateResult, Resource, ResourceProvider


class NothingProvider(ResourceProvider):
    """Takes every resource as it comes."""

    serialize_as_secret_always = False

    def create(self, props: Mapping[str, object]) -> CreateResult:
        """Give the resource an id."""
        return CreateResult(str(uuid4()), dict(props))


class Nothing(Resource, module="benchmarks", name="Nothing"):
    """A resource of that provider, with whatever arguments."""

    def __init__(self, resource_name: str, opts: pulumi.ResourceOptions | None = None, **args: object) -> None:
        super().__init__(NothingProvider(), resource_name, args, opts)
