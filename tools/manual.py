"""Writes what the manual takes from the declarations: `make docs`."""

from collections.abc import Mapping
from pathlib import Path

from . import emulator_switches, error_codes, kind_pages, rules_page, settings_table


def manual() -> Mapping[Path, str]:
    """Return every page that holds something written, as it should be."""
    within = (settings_table, error_codes, emulator_switches, rules_page)
    return {page.PAGE: page.written(page.PAGE.read_text("utf-8")) for page in within} | kind_pages.pages()


if __name__ == "__main__":
    for path, text in manual().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
