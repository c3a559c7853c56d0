"""The hidden checks of lab 02: other variables, other events, and wrong values that are harder to see."""

import json

import pytest

KEY = "0-lighthouse==c4"
ISLAND = {"API_KEY": KEY, "BUCKET_NAME": "island-readings", "MAX_STATIONS": "9", "DRY_RUN": "True"}

HARD_TO_SEE = {
    "API_KEY": [""],
    "BUCKET_NAME": ["\t"],
    "MAX_STATIONS": ["-1", "2.5", "10 stations"],
    "DRY_RUN": ["2", "nope"],
}


@pytest.mark.task(1, points=2)
def test_takes_its_settings_from_the_environment_alone(function):
    """gives the same answer whatever the event holds, and when it is warm"""
    configured = function.configure(environment=ISLAND)
    for event in ({}, {"BUCKET_NAME": "elsewhere", "MAX_STATIONS": 99, "DRY_RUN": False}, ["elsewhere"], None):
        status, body = answer_of(configured.invoke(event))
        found = [body.get(name) for name in ("bucket", "max_stations", "dry_run", "api_key_set")]
        assert (status, found) == (200, ["island-readings", 9, True, True]), "The event does not change the settings."


@pytest.mark.task(2, points=1)
def test_takes_the_defaults_for_empty_values(function):
    """takes the defaults for values that are empty"""
    status, body = answer_of(invoke(function, MAX_STATIONS="", DRY_RUN=""))
    assert status == 200, "MAX_STATIONS and DRY_RUN were empty, which counts as not set."
    found = (body.get("max_stations"), body.get("dry_run"))
    assert found == (10, False), "MAX_STATIONS and DRY_RUN were empty, which counts as not set."


@pytest.mark.task(3, points=2)
def test_reads_dry_run_however_it_is_spelt(function):
    """reads the other words for DRY_RUN, in any case"""
    for word, value in {"1": True, "yEs": True, "FALSE": False, "No": False}.items():
        status, body = answer_of(invoke(function, DRY_RUN=word))
        assert (status, body.get("dry_run")) == (200, value), f"DRY_RUN was {word!r}."


@pytest.mark.task(4, points=3)
def test_refuses_what_is_hard_to_see(function):
    """answers 500 for wrong values that are harder to see; answer and log name the variable"""
    for name, texts in HARD_TO_SEE.items():
        for text in texts:
            invocation = invoke(function, **{name: text})
            status, body = answer_of(invocation)
            assert status == 500, f"{name} was {text!r}, which is wrong."
            named = [variable for variable in ISLAND if variable in str(body.get("error"))]
            assert named == [name], f"{name} was {text!r}: the error should name it, and none that is right."
            lines = [record.message for record in invocation.logs]
            assert any(name in line for line in lines), f"{name} was {text!r}, and no line of the log names it."


@pytest.mark.task(5, points=2)
def test_tells_nobody_the_key_when_much_is_wrong(function):
    """names a wrong variable and keeps the key's value to itself when several are wrong"""
    for wrong in ({"BUCKET_NAME": " ", "MAX_STATIONS": "0"}, {"MAX_STATIONS": "many", "DRY_RUN": "maybe"}):
        invocation = invoke(function, **wrong)
        shown = KEY in json.dumps(invocation.payload) or KEY in invocation.log_text
        assert not shown, f"{' and '.join(wrong)} were wrong: the answer or the log holds the key's value."
        status, body = answer_of(invocation)
        assert status == 500, f"{' and '.join(wrong)} were wrong."
        named = {variable for variable in ISLAND if variable in str(body.get("error"))}
        assert named in [{name} for name in wrong] + [set(wrong)], (
            f"{' and '.join(wrong)} were wrong: name one or both, and no other."
        )


def invoke(function, **changed):
    """Invoke the function with an empty event; its environment is ISLAND, apart from what is changed."""
    return function.configure(environment={**ISLAND, **changed}).invoke({})


def answer_of(invocation):
    """The answer's status code and its body, which is JSON written as text."""
    assert not invocation.error, "The function failed, and should have answered."
    assert isinstance(invocation.payload, dict), "The answer should be a dict with statusCode and body."
    body = json.loads(invocation.payload["body"])
    assert isinstance(body, dict), "The answer's body should be a JSON object."
    return invocation.payload.get("statusCode"), body
