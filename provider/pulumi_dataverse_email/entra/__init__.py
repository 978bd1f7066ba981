"""The wire to Microsoft Entra ID: a way to log in goes in, tokens of a resource come out.

`ways` and `authorities` are plain data, which settings are made of; `login` is the way in.
No other room imports msal.
"""
