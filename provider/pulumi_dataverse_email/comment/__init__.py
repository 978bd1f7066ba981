"""A preview of Pulumi as a comment that the reviewers of a pull request read. Pure: text in, text out."""

from .page import LIMITS, SUMMARY_LIMIT, comment
from .preview import Preview, PreviewError
from .report import Report, gates

__all__ = ["LIMITS", "SUMMARY_LIMIT", "Preview", "PreviewError", "Report", "comment", "gates"]
