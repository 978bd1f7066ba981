"""The fixture that the package offers, in the tests of a project that is not ours."""

import pytest

pytest_plugins = ["pytester"]

CONFTEST = 'pytest_plugins = ["pulumi_dataverse_email.emulator.pytest_plugin"]\n'
SEED = """
import pytest

@pytest.fixture(scope="session")
def dataverse_seed(tmp_path_factory):
    path = tmp_path_factory.mktemp("seed") / "seed.yaml"
    path.write_text("organization: {name: Fabrikam, tenant_id: 11111111-0000-4000-8000-000000000001}")
    return path
"""


def _passes(pytester: pytest.Pytester, conftest: str, tests: str, passed: int) -> None:
    pytester.makeconftest(conftest)
    pytester.makepyfile(tests)
    pytester.runpytest_inprocess("-p", "no:cacheprovider").assert_outcomes(passed=passed)


def test_a_test_finds_the_environment_and_leaves_no_trace(pytester: pytest.Pytester) -> None:
    tests = """
        import os

        def names(emulator):
            return [row["name"] for row in emulator.control("GET", "rows/queues")["value"]]

        def test_one(dataverse_emulator):
            assert os.environ["DATAVERSE_URL"] == dataverse_emulator.url
            dataverse_emulator.control("POST", "rows/queues", {"name": "Left behind"})
            assert "Left behind" in names(dataverse_emulator)

        def test_another(dataverse_emulator):
            assert "Left behind" not in names(dataverse_emulator)

        def test_without():
            assert "DATAVERSE_EMULATOR_URL" not in os.environ
    """
    _passes(pytester, CONFTEST, tests, 3)


def test_trouble_time_and_the_log_are_at_hand(pytester: pytest.Pytester) -> None:
    tests = """
        import requests

        def test_trouble(dataverse_emulator):
            dataverse_emulator.fail(path="WhoAmI", answer={"status": 503})
            answer = requests.get(f"{dataverse_emulator.url}/api/data/v9.2/WhoAmI")
            assert answer.status_code == 503
            assert [call["status"] for call in dataverse_emulator.requests()] == [503]
            dataverse_emulator.advance(60)
            assert dataverse_emulator.control("GET", "clock")["moved_by"] == 60
    """
    _passes(pytester, CONFTEST, tests, 1)


def test_a_refused_control_call_says_why(pytester: pytest.Pytester) -> None:
    tests = """
        import pytest
        from pulumi_dataverse_email.emulator import EmulatorError

        def test_refused(dataverse_emulator):
            with pytest.raises(EmulatorError, match="400 answer"):
                dataverse_emulator.fail(path="WhoAmI", answer={})
    """
    _passes(pytester, CONFTEST, tests, 1)


def test_a_project_brings_its_own_seed(pytester: pytest.Pytester) -> None:
    tests = """
        def test_seed(dataverse_emulator):
            assert dataverse_emulator.control("GET", "organization")["name"] == "Fabrikam"
    """
    _passes(pytester, CONFTEST + SEED, tests, 1)
