"""Filters and recipients of any kind, for the laws of OPATH."""

from hypothesis import strategies as st

from pulumi_dataverse_email.exchange.opath import And, Comparison, Node, Not, Or, Value, any_of

TEXTS = ("crm", "CRM", "it's", 'say "so"', "Straße", "", "true", "a*", "*", "b*c", "\u017f", "42")
GROUPS = ("CN=Sales,OU=x,DC=com", "cn=sales, ou=x, dc=com", 'CN="Sales",OU=x,DC=com', "CN=S\\61les,OU=x,DC=com",
          "CN=A\\, B,OU=x,DC=com", 'CN="A, B",OU=x,DC=com', "CN=A\\2c B , OU=x,DC=com", "Sales")  # fmt: skip
ADDRESSES = ("anna@x.com", "ANNA@X.COM", "ben@x.com", "smtp:anna@x.com")

_names = st.sampled_from(("City", "city", "CustomAttribute1", "CUSTOMATTRIBUTE1"))
_ordering = st.sampled_from(("eq", "ne", "gt", "ge", "lt", "le"))
_equality = st.sampled_from(("eq", "ne"))
_comparisons = st.one_of(
    st.builds(Comparison, _names, st.one_of(_ordering, st.sampled_from(("like", "notlike"))), st.sampled_from(TEXTS)),
    st.builds(Comparison, _names, _equality, st.none()),
    st.builds(Comparison, st.just("PrimarySmtpAddress"), _equality, st.sampled_from(ADDRESSES)),
    st.builds(Comparison, st.sampled_from(("MemberOfGroup", "memberOfGroup")), _equality, st.sampled_from(GROUPS)),
    st.builds(
        Comparison, st.just("HiddenFromAddressListsEnabled"), _equality, st.sampled_from((True, False, "true", "False"))
    ),
)


def _all_of(nodes: tuple[Node, ...]) -> Node:
    flat = tuple(inner for node in nodes for inner in (node.operands if isinstance(node, And) else (node,)))
    return And(flat)


def _joined(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(children, min_size=2, max_size=4).map(tuple)
    return st.one_of(children.map(Not), several.map(_all_of), several.map(any_of))


trees: st.SearchStrategy[Node] = st.recursive(_comparisons, _joined, max_leaves=8)

_held = st.sampled_from((*TEXTS, None))
recipients = st.fixed_dictionaries(
    {
        "City": _held,
        "CustomAttribute1": _held,
        "HiddenFromAddressListsEnabled": st.booleans(),
        "EmailAddresses": st.lists(st.sampled_from(("SMTP:anna@x.com", "smtp:Ben@x.com")), unique=True),
        "MemberOfGroup": st.lists(st.sampled_from(GROUPS[:-1]), max_size=2),
    }
)


@st.composite
def respelt(draw: st.DrawFn, node: Node) -> str:
    """Return a filter that means the same, as a machine or another person may spell it."""
    space = draw(st.sampled_from((" ", "  ", "\n\t")))
    match node:
        case Comparison(name, operator, value):
            name, operator = draw(st.sampled_from((name, name.upper(), name.lower()))), draw(_cased(operator))
            return f"{name}{space}-{operator}{space}{draw(_value(value))}"
        case Not(operand):
            inner = draw(respelt(operand))
            double = draw(st.sampled_from(("{}({})", "{} (({}))", "{}  ( {} )")))
            return double.format(draw(st.sampled_from(("-not", "!", "-NOT"))), inner)
        case And(operands) | Or(operands):
            word = "-and" if isinstance(node, And) else "-or"
            parts = [f"({draw(respelt(operand))})" for operand in draw(st.permutations(operands))]
            if draw(st.booleans()):
                parts.append(parts[0])
            chain = parts[0]
            for part in parts[1:]:
                chain = f"({chain}{space}{draw(_cased(word))}{space}{part})"
            return chain


def _cased(text: str) -> st.SearchStrategy[str]:
    return st.sampled_from((text, text.upper(), text.title()))


def _value(value: Value) -> st.SearchStrategy[str]:
    if not isinstance(value, str):
        return _cased({True: "$true", False: "$false", None: "$null"}[value])
    single = "'" + value.replace("'", "''") + "'"
    double = '"' + value.replace('"', '""') + '"'
    bare = (value,) if value.isdigit() else ()
    return st.sampled_from((single, double, *bare))
