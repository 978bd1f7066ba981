"""What `make up` runs, as far as it needs no Pulumi."""

from tools.quickstart import sealed


def test_only_the_emulator_says_where_to_go() -> None:
    """A person's own settings of Azure, Dataverse and Pulumi never reach the run; the emulator's do."""
    environment = sealed(
        {
            "PATH": "/usr/bin",
            "ARM_CLIENT_SECRET": "of the emulator",
            "ARM_USE_OIDC": "true",
            "AZURE_CLIENT_CERTIFICATE_PATH": "mine.pem",
            "DATAVERSE_URL": "https://127.0.0.1:4711",
            "PULUMI_ACCESS_TOKEN": "mine",
            "PULUMI_BACKEND_URL": "s3://mine",
            "PULUMI_STACK": "production",
        }
    )

    assert environment["PATH"] == "/usr/bin"
    assert environment["DATAVERSE_URL"] == "https://127.0.0.1:4711"
    assert environment["PULUMI_BACKEND_URL"].startswith("file://")
    assert {name for name in environment if name.startswith(("ARM_", "AZURE_"))} == {"ARM_CLIENT_SECRET"}
    assert not {"PULUMI_ACCESS_TOKEN", "PULUMI_STACK"} & set(environment)
