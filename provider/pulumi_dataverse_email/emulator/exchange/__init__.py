"""The emulated Exchange Online, as far as scopes of impersonation need it: the cmdlets of its administration over HTTP.

`endpoints` is the way in; the other modules know no transport. `access.may_open` says whether an application may open a
mailbox.
"""
