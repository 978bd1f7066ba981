"""`python -m pulumi_dataverse_email.cli` is the command too, where its script is not on PATH."""

from . import main

main()
