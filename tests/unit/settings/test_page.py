"""The manual's page about logging in keeps what it says."""

import re

from pulumi_dataverse_email.settings import declared
from tools import settings_table

PAGE = settings_table.PAGE.read_text("utf-8")


def test_the_page_names_no_setting_that_is_not_there() -> None:
    """A code span that looks like a setting or a variable is one."""
    named = set(re.findall(r"`(use[A-Z]\w+|\w+(?:Id|Path|Url|Host|Token|Secret|Password))`", PAGE))
    variables = set(re.findall(r"\b((?:ARM|AZURE|SYSTEM|ACTIONS|DATAVERSE)_[A-Z_]+[A-Z])\b", PAGE))

    assert named <= set(declared())
    assert variables <= {name for it in declared().values() for name in it.variables}
