"""The public face: what a program can import, and what importing it costs."""

import inspect
import subprocess
import sys
from typing import Any

import pulumi
import pytest

import pulumi_dataverse_email as face
from pulumi_dataverse_email.declare import Choice, Kind, TableKind
from pulumi_dataverse_email.engine import props
from pulumi_dataverse_email.resource import Resource
from pulumi_dataverse_email.resources import KINDS, TABLE_KINDS
from pulumi_dataverse_email.table_resource import TableResource

from ..unit.program import Program
from .kinds import LEAST, name, stated

NOT_IN_PROGRAMS = ("msal", "requests", "starlette", "typer", "rich", "sqlalchemy", "pulumi_dataverse_email.dynamic")
CLEARABLE = [(kind, it) for kind in TABLE_KINDS.values() for it, column in kind.columns.items() if column.clearable]
NOT_IN_PREVIEWS = ("msal", "requests", "urllib3", "cryptography")


def class_of(kind: Kind) -> Any:  # noqa: ANN401  a class whose arguments are the kind's own
    """Return the class by which programs declare the kind."""
    return getattr(face, kind.name)


def beside(kind: Kind) -> set[str]:
    """Return the attributes that a class has beside its arguments and results, of its base."""
    return {*props.RESULTS, *props.SETTLED} if isinstance(kind, TableKind) else {*props.IDENTITY}


def test_all_is_the_public_list() -> None:
    """`__all__` holds every public name, in order, and nothing else."""
    modules = {it for it, value in vars(face).items() if inspect.ismodule(value)}
    public = {it for it in vars(face) if not it.startswith("_")} - modules

    assert set(face.__all__) == public
    assert sorted(face.__all__, key=lambda it: (not it.isupper(), it)) == face.__all__


def test_every_kind_choice_and_error_is_public() -> None:
    """What declarations speak of can be imported from the face."""
    choices = {argument.choice for kind in KINDS.values() for argument in kind.arguments.values()} - {None}
    spoken = {kind.name for kind in KINDS.values()} | {kind.inputs.__name__ for kind in KINDS.values()}
    spoken |= {choice.__name__ for choice in choices if choice is not None and issubclass(choice, Choice)}

    def tree(error: type[BaseException]) -> set[str]:
        return {error.__name__}.union(*(tree(child) for child in error.__subclasses__()))

    assert spoken | tree(face.DataverseEmailError) <= set(face.__all__)


def _loaded(module: str, heavy: tuple[str, ...]) -> str:
    program = f"import sys, {module}; print([it for it in {heavy!r} if it in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.strip()


def test_importing_the_face_is_light() -> None:
    """A program loads neither the wire, nor the command, nor the provider's own module."""
    assert _loaded("pulumi_dataverse_email", NOT_IN_PROGRAMS) == "[]"


def test_a_preview_loads_no_wire() -> None:
    """The provider's process starts without what only reading and writing need."""
    assert _loaded("pulumi_dataverse_email.dynamic", NOT_IN_PREVIEWS) == "[]"


@pytest.mark.parametrize("kind", KINDS.values(), ids=name)
def test_each_argument_and_result_is_an_attribute(kind: Kind) -> None:
    """A class annotates each argument and each result, and nothing else."""
    own = [it for it in class_of(kind).__mro__ if it not in {*Resource.__mro__, TableResource}]
    annotated = {it for base in own for it in inspect.get_annotations(base)} - {"kind", "payload"}
    some_have = {*props.OWNED, props.WRITTEN_ON}
    owned = some_have & {*props.computed(kind)} if isinstance(kind, TableKind) else set()

    assert annotated == {*kind.arguments, *kind.results, *owned}
    bases = {**inspect.get_annotations(Resource), **inspect.get_annotations(TableResource)}
    assert beside(kind) <= set(bases)


@pytest.mark.parametrize("kind", KINDS.values(), ids=name)
def test_every_attribute_can_be_read(kind: Kind) -> None:
    """What a class annotates, each of its resources has."""
    own = [it for it in class_of(kind).__mro__ if it not in pulumi.CustomResource.__mro__]
    outputs = {it for base in own for it, hint in inspect.get_annotations(base).items() if "Output[" in str(hint)}

    def declare() -> None:
        resource: Resource = class_of(kind)("one", **LEAST[kind.name])
        assert {type(getattr(resource, it)) for it in outputs} == {pulumi.Output}

    Program().run(declare)


@pytest.mark.parametrize("kind", KINDS.values(), ids=name)
def test_an_unstated_attribute_reads_as_none(kind: Kind) -> None:
    """Every attribute of a resource can be read: what nothing is known of is None."""
    read: dict[str, object] = {}

    def declare() -> pulumi.Output[None]:
        resource: Resource = class_of(kind)("one", **LEAST[kind.name])
        outputs = {it: getattr(resource, it) for it in {*kind.arguments, *kind.results, *beside(kind)}}
        return pulumi.Output.all(**outputs).apply(read.update)

    Program().run(declare)

    assert {it for it, value in read.items() if value is not None} - {"row_id"} == set(LEAST[kind.name])
    assert set(read) == {*kind.arguments, *kind.results, *beside(kind)}


@pytest.mark.parametrize("kind", KINDS.values(), ids=name)
def test_an_unstated_argument_is_known_in_previews(kind: Kind) -> None:
    """What the program does not state waits for nobody: it reads as None before anything is done."""
    read: dict[str, object] = {}
    unstated = kind.arguments.keys() - LEAST[kind.name].keys()

    def declare() -> pulumi.Output[None]:
        resource: Resource = class_of(kind)("one", **LEAST[kind.name])
        return pulumi.Output.all(**{it: getattr(resource, it) for it in unstated}).apply(read.update)

    Program(preview=True).run(declare)

    assert read == dict.fromkeys(unstated)


@pytest.mark.parametrize(("kind", "argument"), CLEARABLE, ids=name)
def test_a_cleared_attribute_reads_as_clear(kind: TableKind, argument: str) -> None:
    """What is cleared comes back from the engine as an object, and no type stands in its way."""
    read: list[object] = []

    def declare() -> pulumi.Output[None]:
        resource: Resource = class_of(kind)("one", **stated(kind, argument, face.CLEAR))
        return pulumi.Output.from_input(getattr(resource, argument)).apply(read.append)

    Program().run(declare)

    assert read == [face.CLEAR]


@pytest.mark.parametrize("kind", KINDS.values(), ids=name)
def test_arguments_are_keywords_of_the_class(kind: Kind) -> None:
    """A class takes the logical name, the options, and the kind's arguments as keywords."""
    parameters = inspect.signature(class_of(kind)).parameters

    assert list(parameters) == ["resource_name", "opts", "args"]
    assert parameters["resource_name"].kind is inspect.Parameter.POSITIONAL_ONLY
    assert parameters["args"].kind is inspect.Parameter.VAR_KEYWORD
