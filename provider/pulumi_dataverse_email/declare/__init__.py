"""The vocabulary of declarations: what a column, a choice, a rule and a kind are. Pure: no Pulumi, no network."""

from .columns import Column, Lookup, Marker, OwnerKey, Policy, Table, Use
from .documents import Document, NotUnderstood, XmlValue, document
from .kind import INPUTS, Argument, Kind
from .rules import Fault, Rule, Values
from .values import (
    CLEAR,
    UNKNOWN,
    Choice,
    ChoiceInput,
    Clear,
    Clearable,
    ClearableInput,
    Form,
    Input,
    Key,
    Moment,
    ReferenceInput,
    Unknown,
    whole,
)

__all__ = [
    "CLEAR",
    "INPUTS",
    "UNKNOWN",
    "Argument",
    "Choice",
    "ChoiceInput",
    "Clear",
    "Clearable",
    "ClearableInput",
    "Column",
    "Document",
    "Fault",
    "Form",
    "Input",
    "Key",
    "Kind",
    "Lookup",
    "Marker",
    "Moment",
    "NotUnderstood",
    "OwnerKey",
    "Policy",
    "ReferenceInput",
    "Rule",
    "Table",
    "Unknown",
    "Use",
    "Values",
    "XmlValue",
    "document",
    "whole",
]
