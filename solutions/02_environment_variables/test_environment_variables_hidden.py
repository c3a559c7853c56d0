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
        status, body = answer_of(configured.invoke(event), "The event was another one")
        found = [body.get(name) for name in ("bucket", "max_stations", "dry_run", "api_key_set")]
        assert (status, found) == (200, ["island-readings", 9, True, True]), "The event changes no setting."


@pytest.mark.task(2, points=1)
def test_takes_the_defaults_for_empty_values(function):
    """takes the defaults for values that are empty"""
    told = "MAX_STATIONS and DRY_RUN were empty, which counts as not set"
    status, body = answer_of(invoke(function, MAX_STATIONS="", DRY_RUN=""), told)
    assert (status, body.get("max_stations"), body.get("dry_run")) == (200, 10, False), f"{told}: take the defaults."


@pytest.mark.task(3, points=2)
def test_reads_dry_run_however_it_is_spelt(function):
    """reads the other words for DRY_RUN, in any case"""
    for word, value in {"1": True, "yEs": True, "FALSE": False, "No": False}.items():
        told = f"DRY_RUN was {word!r}"
        status, body = answer_of(invoke(function, DRY_RUN=word), told)
        assert (status, body.get("dry_run")) == (200, value), f"{told}: that is one of the six words."


@pytest.mark.task(4, points=3)
def test_refuses_what_is_hard_to_see(function):
    """answers 500 for wrong values that are harder to see; answer and log name the variable"""
    for name, texts in HARD_TO_SEE.items():
        for text in texts:
            told = f"{name} was {text!r}"
            invocation = invoke(function, **{name: text})
            status, body = answer_of(invocation, told)
            assert status == 500, f"{told}: that is not allowed, so answer with statusCode 500."
            named = [variable for variable in ISLAND if variable in str(body.get("error"))]
            assert named == [name], f"{told}: the error should name {name}, and none that is right."
            lines = [record.message for record in invocation.logs]
            assert any(name in line for line in lines), f"{told}, and no line of the log names it."


@pytest.mark.task(5, points=2)
def test_tells_nobody_the_key_when_much_is_wrong(function):
    """names a wrong variable and keeps the key's value to itself when several are wrong"""
    for wrong in ({"BUCKET_NAME": " ", "MAX_STATIONS": "0"}, {"MAX_STATIONS": "many", "DRY_RUN": "maybe"}):
        told = " and ".join(wrong) + " were wrong"
        invocation = invoke(function, **wrong)
        shown = KEY in json.dumps(invocation.payload) or KEY in invocation.log_text
        assert not shown, f"{told}: the answer or the log holds the key's value."
        status, body = answer_of(invocation, told)
        assert status == 500, f"{told}: answer with statusCode 500."
        named = {variable for variable in ISLAND if variable in str(body.get("error"))}
        assert named in [{name} for name in wrong] + [set(wrong)], f"{told}: name one or both, and no other."


def invoke(function, **changed):
    """Invoke the function with an empty event; its environment is ISLAND, apart from what is changed."""
    return function.configure(environment={**ISLAND, **changed}).invoke({})


def answer_of(invocation, told):
    """The answer's status code and its body, which is JSON written as text."""
    assert not invocation.error, f"{told}: the function failed, and should have answered."
    assert isinstance(invocation.payload, dict), f"{told}: the answer should be a dict with statusCode and body."
    body = json.loads(invocation.payload["body"])
    assert isinstance(body, dict), f"{told}: the answer's body should be a JSON object."
    return invocation.payload.get("statusCode"), body
