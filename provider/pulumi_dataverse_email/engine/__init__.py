"""Turns any declaration into the six verbs; knows no kind, column or URL, and neither Pulumi nor HTTP."""
