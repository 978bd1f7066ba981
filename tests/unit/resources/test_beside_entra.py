"""The example beside Entra's provider, under Pulumi's mocks: its outputs flow into the profile and the scope."""

import runpy
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pulumi.runtime import mocks

from tests.unit.program import PROJECT, Program

EXAMPLE = Path(__file__).parents[3] / "examples" / "beside-entra" / "__main__.py"
CLIENT, OBJECT, TENANT = (f"5f0c2a10-0000-4000-8000-00000000{it}" for it in ("b001", "b002", "c070"))
SECRET = "made-by-entra"

OUTPUTS = {
    "azuread:index/application:Application": {"clientId": CLIENT},
    "azuread:index/servicePrincipal:ServicePrincipal": {"objectId": OBJECT},
    "azuread:index/applicationPassword:ApplicationPassword": {"value": SECRET},
}


@dataclass
class WithEntra(Program):
    """A run in which Entra's provider answers with what it makes."""

    made: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: OUTPUTS)

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        """Take a resource; the names of Entra's are its own matter."""
        if args.typ in OUTPUTS:
            return args.name, {**args.inputs, **self.made.get(args.typ, {})}
        return super().new_resource(args)


def test_the_application_flows_into_profile_and_scope() -> None:
    """Nobody copies an id or a secret, and the program has no fault and no warning about what it states."""
    program = WithEntra(configuration={f"{PROJECT}:exchangeTenantId": TENANT})

    program.run(lambda: runpy.run_path(str(EXAMPLE), run_name="__main__"))

    assert program.errors == []
    profile, scope = program.inputs["own-application"], program.inputs["crm"]
    assert profile["oauth_client_id"] == scope["application_id"] == CLIENT
    assert scope["service_principal_object_id"] == OBJECT
    assert SECRET in str(profile["oauth_client_secret"])
    assert set(scope["mailboxes"]) == {"anna", "ben"}


def test_in_a_first_preview_nothing_of_it_is_known_and_nothing_is_refused() -> None:
    program = WithEntra(preview=True, configuration={f"{PROJECT}:exchangeTenantId": TENANT}, made={})

    program.run(lambda: runpy.run_path(str(EXAMPLE), run_name="__main__"))

    assert program.errors == []
