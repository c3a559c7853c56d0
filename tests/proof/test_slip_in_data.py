"""Slips in policies, schedules and requirements."""

import json
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.proof.mutant import make_mutants
from workbook.proof.slip_in_data import read_json, read_lines, read_toml

POLICY = """{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": ["s3:PutObject"],
      "Resource": "arn:aws:s3:::workbook-readings/readings/*"
    }
  ]
}
"""


def test_a_policy() -> None:
    found = [(slip.name, slip.line, slip.before, slip.after) for slip in read_json(POLICY)]
    action, resource = (
        'Statement[0].Action[0]: "s3:PutObject"',
        'Statement[0].Resource: "arn:aws:s3:::workbook-readings/',
    )
    assert ("drop_entry", 6, action, "") in found
    assert ("swap_effect", 5, 'Statement[0].Effect: "Allow"', 'Statement[0].Effect: "Deny"') in found
    assert [after for name, _, before, after in found if name == "widen_permission" and before == action] == [
        'Statement[0].Action[0]: "*"',
        'Statement[0].Action[0]: "s3:*"',
    ]
    assert [after for name, line, _, after in found if name == "widen_permission" and line == 7] == [
        'Statement[0].Resource: "*"',
        f'{resource}*"',
    ]


def test_what_says_the_same_is_left_out(draft) -> None:
    draft.edit("lab/lab.toml", "budget", 'files = ["policy.json"]\nbudget')
    draft.edit("solution/policy.json", None, POLICY)
    documents = [json.loads(mutant.text) for mutant in make_mutants(draft.lab)]
    assert json.loads(POLICY) not in documents
    assert len({json.dumps(document) for document in documents}) == len(documents) == 13


def test_a_schedule() -> None:
    text = '# hourly\nhourly = "rate(1 hour)"\n\n[daily]\nexpression = "cron(0 12 * * ? *)"\n'
    found = [(slip.line, slip.before, slip.after) for slip in read_toml(text)]
    daily = 'expression = "cron({} * * ? *)"'
    assert found == [
        (2, 'hourly = "rate(1 hour)"', ""),
        (2, 'hourly = "rate(1 hour)"', 'hourly = "rate(2 hour)"'),
        (5, daily.format("0 12"), ""),
        (5, daily.format("0 12"), daily.format("1 12")),
        (5, daily.format("0 12"), daily.format("0 13")),
    ]


def test_requirements() -> None:
    text = "# for the API\nrequests==2.32.3  # newest in 2024\nidna==3.10 \\\n    --hash=sha256:12\n"
    found = [(slip.line, slip.after) for slip in read_lines(text)]
    assert found == [
        (2, ""),
        (2, "requests==3.32.3  # newest in 2024"),
        (2, "requests==2.33.3  # newest in 2024"),
        (2, "requests==2.32.4  # newest in 2024"),
        (3, ""),
        (3, "idna==4.10 \\"),
        (3, "idna==3.11 \\"),
    ]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(VALUES)
def test_each_slip_in_json_is_json_that_says_something_else(value) -> None:
    for slip in read_json(json.dumps(value, indent=1)):
        changed = json.loads(slip.text)
        assert json.dumps(changed) != json.dumps(value)


@given(st.dictionaries(st.from_regex(r"[a-z]{1,3}", fullmatch=True), st.integers(0, 99) | st.just("rate(5 minutes)")))
def test_each_slip_in_toml_is_toml_that_says_something_else(values) -> None:
    text = "".join(f"{key} = {json.dumps(value)}\n" for key, value in values.items())
    slips = list(read_toml(text))
    assert len(slips) == 2 * len(values)
    assert all(tomllib.loads(slip.text) != values for slip in slips)


@pytest.mark.parametrize("text", ["", "a = [\n  1,\n]\n", 'a = """\nb = 1\n"""\n'])
def test_toml_of_several_lines(text) -> None:
    for slip in read_toml(text):
        tomllib.loads(slip.text)
