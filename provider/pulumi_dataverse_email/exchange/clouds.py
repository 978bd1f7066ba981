"""Where Exchange Online answers, by cloud."""

from collections.abc import Mapping
from typing import Final

HOSTS: Final[Mapping[str, str]] = {
    "public": "https://outlook.office365.com",
    "usgovernment": "https://outlook.office365.us",
    "dod": "https://outlook-dod.office365.us",
    "china": "https://outlook.office365.cn",
}
"""Address by the name of the cloud, as logins name it; the public one serves GCC too, `usgovernment` is GCC High.

That `InvokeCommand` answers on each of them is documented nowhere, so that another host can be set.

Source: https://learn.microsoft.com/exchange/reference/admin-api-get-started
"""
