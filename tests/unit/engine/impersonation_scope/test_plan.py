"""Laws of the plan: carried out, it leaves nothing to do, and takes nothing away that stays."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from pulumi_dataverse_email.engine.impersonation_scope.held import Held
from pulumi_dataverse_email.engine.impersonation_scope.plan import (
    ChangeAssignment,
    ChangeScope,
    MakeAssignment,
    MakePrincipal,
    MakeScope,
    RemoveAssignment,
    Step,
    plan,
)
from pulumi_dataverse_email.engine.impersonation_scope.wanted import assignment_name, wanted
from pulumi_dataverse_email.exchange.handover import Wanted
from pulumi_dataverse_email.exchange.objects import NAME_LENGTH, ManagementScope, Reach, RoleAssignment, name_faults
from tests.unit.exchange.conftest import APP, APP_OBJECT

ROLES = ["Application EWS.AccessAsApp", "Application Mail.Send", "Application Contacts.Read"]
FILTERS = ["City -eq 'a'", "City -eq 'b'", "(City -eq 'a')"]


@st.composite
def inputs(draw: st.DrawFn) -> dict[str, object]:
    """Return checked inputs of one application."""
    chosen: dict[str, object] = {
        "platform": "exchange_online",
        "name": draw(st.sampled_from(["CRM", "Sales"])),
        "application_id": APP,
        "service_principal_object_id": APP_OBJECT,
        "roles": draw(st.lists(st.sampled_from(ROLES), min_size=1, unique=True)),
    }
    return chosen


@dataclass
class Imagined:
    """An Exchange that only remembers; it refuses names that are taken, as the real one does."""

    held: Held
    numbers: "count[int]" = field(default_factory=count)

    def do(self, step: Step) -> None:
        """Carry one step out."""
        held = self.held
        match step:
            case MakePrincipal(principal):
                self.held = replace(held, principal=principal)
            case MakeScope(scope):
                made = ManagementScope(
                    scope.name, "scope", scope.recipient_filter, scope.recipient_root, scope.exclusive
                )
                self.held = replace(held, scope=made)
            case ChangeScope(_, scope):
                assert held.scope
                changed = replace(held.scope, name=scope.name, recipient_filter=scope.recipient_filter)
                kept = tuple(replace(it, scope=scope.name) if it.uses(held.scope.name) else it for it in held.kept)
                self.held = replace(held, scope=changed, kept=kept)
            case MakeAssignment(assignment):
                assert assignment.name.lower() not in {it.name.lower() for it in (*held.kept, *held.former)}
                made_too = RoleAssignment(
                    assignment.name, str(next(self.numbers)), assignment.role, assignment.assignee.identity,
                    "ServicePrincipal", "CustomRecipientScope", assignment.reach.identity,
                    enabled=True, delegating=False,
                )  # fmt: skip
                self.held = replace(held, kept=(*held.kept, made_too))
            case ChangeAssignment(own, _, reach):
                limited = replace(own, reach_kind="CustomRecipientScope", scope=reach.identity)
                self.held = replace(held, kept=tuple(limited if it is own else it for it in held.kept))
            case RemoveAssignment(own):
                self.held = replace(
                    held,
                    kept=tuple(it for it in held.kept if it.guid != own.guid),
                    former=tuple(it for it in held.former if it.guid != own.guid),
                )


NOTHING = Held(None, (), (), (), (), None)


def asked(props: Mapping[str, object], text: str, held: Held) -> Wanted:
    """Return what the inputs want, with the names that assignments have already."""
    return wanted(props, text, "", {it.role.lower(): it.name for it in held.kept})


@given(inputs(), st.sampled_from(FILTERS), inputs(), st.sampled_from(FILTERS), st.data())
def test_a_plan_that_was_carried_out_leaves_nothing_to_do(
    before: dict[str, object], first: str, after: dict[str, object], second: str, data: st.DataObject
) -> None:
    """From nothing, and from any other state that was disturbed meanwhile."""
    exchange = Imagined(NOTHING)
    for step in plan(asked(before, first, exchange.held), exchange.held):
        exchange.do(step)
    assert plan(asked(before, first, exchange.held), exchange.held) == []
    disturbed = tuple(
        replace(it, reach_kind="Organization", scope="") if data.draw(st.booleans()) else it
        for it in exchange.held.kept
    )
    exchange.held = replace(exchange.held, kept=disturbed)

    for step in plan(asked(after, second, exchange.held), exchange.held):
        exchange.do(step)

    assert plan(asked(after, second, exchange.held), exchange.held) == []
    assert {it.role for it in exchange.held.kept} == set(after["roles"])  # type: ignore[call-overload]  # a list of names
    assert all(it.reaches(Reach("scope", str(after["name"]))) for it in exchange.held.kept)


@given(inputs(), inputs())
def test_a_role_that_stays_is_never_without_its_assignment(before: dict[str, object], after: dict[str, object]) -> None:
    exchange = Imagined(NOTHING)
    for step in plan(asked(before, FILTERS[0], exchange.held), exchange.held):
        exchange.do(step)
    staying = {it.guid for it in exchange.held.kept if it.role in after["roles"]}  # type: ignore[operator]  # a list

    for step in plan(asked(after, FILTERS[1], exchange.held), exchange.held):
        exchange.do(step)
        assert staying <= {it.guid for it in exchange.held.kept}


@given(st.text("abc ", min_size=1, max_size=NAME_LENGTH).map(str.strip).filter(bool), st.sampled_from(ROLES))
def test_a_name_of_an_assignment_is_one_that_exchange_takes(scope: str, role: str) -> None:
    props = {"platform": "exchange_online", "name": scope, "application_id": APP}
    (own,) = wanted({**props, "service_principal_object_id": APP_OBJECT, "roles": [role]}, "x", "", {}).assignments
    (other,) = wanted({**props, "service_principal_object_id": APP, "roles": [role]}, "x", "", {}).assignments

    assert name_faults("the name", own.name) == []
    assert own.name == assignment_name(scope, role, own.assignee)
    assert own.name != other.name


@given(st.sampled_from(ROLES))
def test_an_assignment_that_was_disabled_frees_its_name_before_it_is_made_anew(role: str) -> None:
    props = {
        "platform": "exchange_online", "name": "CRM", "application_id": APP,
        "service_principal_object_id": APP_OBJECT, "roles": [role],
    }  # fmt: skip
    exchange = Imagined(NOTHING)
    for step in plan(asked(props, FILTERS[0], exchange.held), exchange.held):
        exchange.do(step)
    (own,) = exchange.held.kept
    exchange.held = replace(exchange.held, kept=(), former=(replace(own, enabled=False),))

    for step in plan(asked(props, FILTERS[0], exchange.held), exchange.held):
        exchange.do(step)

    assert [it.enabled for it in exchange.held.kept] == [True]
    assert exchange.held.former == ()
