"""Writes the table of the settings into its page: `python -m tools.settings_table`."""

from pathlib import Path

from pulumi_dataverse_email.settings import declared

PAGE = Path(__file__).parent.parent / "docs" / "login.md"
BEGIN = "<!-- settings: written by `python -m tools.settings_table` -->\n"
END = "<!-- end of settings -->\n"


def table() -> str:
    """Return the table."""
    lines = ["| setting | else from the environment | what it is |", "| --- | --- | --- |"]
    for key, setting in declared().items():
        variables = ", ".join(f"`{name}`" for name in setting.variables)
        secret = "Secret. " if setting.secret else ""
        lines.append(f"| `{key}` | {variables} | {secret}{' '.join(setting.description.split())} |")
    return "\n".join(lines) + "\n"


def written(page: str) -> str:
    """Return the page with the table as it should be."""
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}\n{table()}\n{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")
