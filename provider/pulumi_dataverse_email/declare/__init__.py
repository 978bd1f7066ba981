"""The vocabulary of declarations: what a column, a choice, a rule and a kind are. Pure: no Pulumi, no network."""

from .choices import Choice, ChoiceForm, Learnt
from .columns import Column, Finding, Group, Hindrance, Lookup, Marker, Note, OwnerKey, Policy, Property, Use
from .documents import Document, NotUnderstood, XmlValue, document
from .kind import INPUTS, Argument, Kind
from .rules import TODAY, CrossRule, Fault, Rule, Values
from .schema import schema
from .set_kind import SetKind
from .table_kind import TableKind
from .tables import Table
from .values import (
    CLEAR,
    UNKNOWN,
    BooleanForm,
    CaselessForm,
    ChoiceInput,
    ChosenInput,
    Clear,
    Clearable,
    ClearableInput,
    Form,
    GroupInput,
    GuidText,
    Input,
    Key,
    Moment,
    MomentForm,
    ReferenceInput,
    Unknown,
    whole,
)

__all__ = [
    "CLEAR",
    "INPUTS",
    "TODAY",
    "UNKNOWN",
    "Argument",
    "BooleanForm",
    "CaselessForm",
    "Choice",
    "ChoiceForm",
    "ChoiceInput",
    "ChosenInput",
    "Clear",
    "Clearable",
    "ClearableInput",
    "Column",
    "CrossRule",
    "Document",
    "Fault",
    "Finding",
    "Form",
    "Group",
    "GroupInput",
    "GuidText",
    "Hindrance",
    "Input",
    "Key",
    "Kind",
    "Learnt",
    "Lookup",
    "Marker",
    "Moment",
    "MomentForm",
    "NotUnderstood",
    "Note",
    "OwnerKey",
    "Policy",
    "Property",
    "ReferenceInput",
    "Rule",
    "SetKind",
    "Table",
    "TableKind",
    "Unknown",
    "Use",
    "Values",
    "XmlValue",
    "document",
    "schema",
    "whole",
]
