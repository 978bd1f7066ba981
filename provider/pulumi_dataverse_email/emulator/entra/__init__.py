"""The emulated Microsoft Entra ID: tenants, applications and what they prove themselves by, tokens, and their sources.

`endpoints` is the way in; the other modules know no transport.
"""
