"""The table of the settings."""

from pulumi_dataverse_email.settings import declared

from .pages import DOCS, put, table

PAGE = DOCS / "login.md"


def written(page: str) -> str:
    """Return the page with the table as it should be."""
    rows = [
        (
            f"`{key}`",
            ", ".join(f"`{name}`" for name in setting.variables),
            f"{'Secret. ' if setting.secret else ''}{setting.description}",
        )
        for key, setting in declared().items()
    ]
    return put(page, "settings", table(("setting", "else from the environment", "what it is"), rows))
