"""Parameter aliases: `$filter=name eq @p1&@p1='x'` says the same as `$filter=name eq 'x'`.

Microsoft Learn, "Use OData to query data": they may stand in `$filter`, `$orderby` and the parameters of functions, not
inside `$expand`; one that is given no value is null.
"""

import re
from collections.abc import Mapping

_QUOTED_OR_ALIAS = re.compile(r"""'(?:[^']|'')*+'|"(?:[^"\\]|\\.)*+"|@\w+""")


def resolve(text: str, options: Mapping[str, str]) -> str:
    """Put the values of aliases, which are options of the same URL, in their place."""

    def value(match: re.Match[str]) -> str:
        return options.get(match[0], "null") if match[0].startswith("@") else match[0]

    return _QUOTED_OR_ALIAS.sub(value, text)
