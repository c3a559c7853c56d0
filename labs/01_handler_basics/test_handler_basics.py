"""The checks of lab 01. They see what Lambda's caller would see: the answer, or the error."""

import json

import pytest

READING = {"station": "north-quay", "pm25": 12.4}


# Task 1: Answer with JSON text


@pytest.mark.task(1, points=2)
def test_answers_200(function, aws):
    """answers 200 to a good reading, by itself: no AWS service is called"""
    payload = payload_of(function.invoke(READING))
    assert payload.get("statusCode") == 200, "This is a good reading: answer it with statusCode 200."
    assert aws.calls == [], "This lab needs nothing from AWS. Make the answer from the event and the context alone."


@pytest.mark.task(1, points=2)
def test_puts_the_reading_into_the_body(function):
    """puts the station and the value into the body, as JSON text"""
    body = body_of(function.invoke(READING))
    answered = {name: body.get(name) for name in READING}
    assert answered == READING, "The body's `station` and `pm25` should be the event's."


# Task 2: Say how good the air is


@pytest.mark.task(2, points=2)
def test_tells_the_three_levels_apart(function):
    """tells good, moderate and high air apart"""
    for pm25, level in {5: "good", 20.5: "moderate", 50: "high"}.items():
        body = body_of(function.invoke({**READING, "pm25": pm25}))
        assert body.get("level") == level, f"{pm25} is {level}: put that word into the body's `level`."


@pytest.mark.task(2, points=1, needs="test_tells_the_three_levels_apart")
def test_counts_a_limit_to_the_upper_level(function):
    """counts exactly 12 to moderate, and exactly 35 to high"""
    for pm25, level in {11.9: "good", 12: "moderate", 34.9: "moderate", 35: "high"}.items():
        body = body_of(function.invoke({**READING, "pm25": pm25}))
        assert body.get("level") == level, f"{pm25} is {level}: moderate begins with 12 itself, high with 35 itself."


# Task 3: Say which request it was


@pytest.mark.task(3, points=2)
def test_gives_the_request_id(function):
    """gives the id of the request"""
    invocation = function.invoke(READING)
    assert body_of(invocation).get("request_id") == invocation.request_id, (
        "The body's `request_id` is not this request's. The context has it: context.aws_request_id."
    )


@pytest.mark.task(3, points=1, needs="test_gives_the_request_id")
def test_answers_the_second_event_for_itself(function):
    """answers a second event with that event's own values"""
    function.invoke(READING)
    second = function.invoke({"station": "fish-market", "pm25": 3})
    body = body_of(second)
    answered = [body.get(name) for name in ("station", "pm25", "request_id")]
    assert answered == ["fish-market", 3, second.request_id], (
        "Something is left of the event before: Lambda keeps what stands outside the handler. Make it inside, anew."
    )


# Task 4: Refuse a wrong reading


@pytest.mark.task(4, points=2)
def test_names_every_missing_value(function):
    """answers 400 and names what is missing, sorted"""
    assert problems_of(function.invoke({"station": "north-quay"})) == ["pm25"], "pm25 is missing, and nothing else is."
    assert problems_of(function.invoke({})) == ["pm25", "station"], "Both are missing: name both, pm25 before station."


WRONG = {"station": ["", 7], "pm25": ["12.4", True, -1]}


@pytest.mark.task(4, points=2)
def test_refuses_wrong_values(function):
    """answers 400 and names a value that is wrong"""
    for name, values in WRONG.items():
        for value in values:
            wrong = f"{name} = {value!r} is wrong"
            assert problems_of(function.invoke({**READING, name: value}), wrong) == [name], (
                f"{wrong}, and nothing else is."
            )


@pytest.mark.task(4, points=2)
def test_refuses_an_event_that_is_no_object(function):
    """answers 400 and names the event when it is no object"""
    for event in (["north-quay", 12.4], "north-quay"):
        problems = problems_of(function.invoke(event))
        assert problems == ["event"], (
            "An event that is no object has one problem, event, in a list. Ask isinstance(event, dict) first."
        )


@pytest.mark.task(4, points=1)
def test_forgets_the_problems_of_the_event_before(function):
    """answers 200 to a good reading that comes after a wrong one"""
    problems_of(function.invoke({}))
    assert problems_of(function.invoke({"station": "north-quay"})) == ["pm25"], (
        "A problem of the event before is still there: make the list of problems inside the handler, anew each time."
    )
    status = payload_of(function.invoke(READING)).get("statusCode")
    assert status == 200, "A wrong reading came first, and then this good one: answer it with statusCode 200."


# Task 5: Fail when the sensor is broken


@pytest.mark.task(5, points=2)
def test_raises_sensor_error(function):
    """raises SensorError for -999, and names the station"""
    error = function.invoke({"station": "north-quay", "pm25": -999}).error
    assert error, "-999 says that the sensor is broken. Do not return an answer for it: raise SensorError."
    assert error.type == "SensorError", "Raise an error of your own class SensorError, and let nothing catch it."
    assert "north-quay" in error.message, "Name the station in the error: raise SensorError(f'... {station} ...')."


@pytest.mark.task(5, points=1)
def test_refuses_other_values_below_0(function):
    """answers 400, and raises nothing, for other values below 0, and where -999 has no station"""
    for pm25 in (-1, -99, -1000):
        invocation = function.invoke({**READING, "pm25": pm25})
        assert not invocation.error, f"{pm25} is a wrong value: answer it with 400. Only -999 is the fault code."
        assert problems_of(invocation) == ["pm25"], f"{pm25} is wrong, and nothing else is."
    invocation = function.invoke({"station": "", "pm25": -999})
    assert not invocation.error, "There is no station to name: answer 400, also when pm25 is -999."
    assert "station" in problems_of(invocation), "The station has no name, so `station` is among the problems."


# What the checks look with


def payload_of(invocation):
    """What the handler returned, which is a dict."""
    assert not invocation.error, "The function failed, and should have answered."
    payload = invocation.payload
    assert isinstance(payload, dict), "The answer should be a dict with statusCode and body."
    return payload


def body_of(invocation):
    """The answer's body, which is a JSON object written as text."""
    text = payload_of(invocation).get("body")
    assert isinstance(text, str), "The answer's body should be JSON text: json.dumps(...)."
    body = json.loads(text)
    assert isinstance(body, dict), "The answer's body should be a JSON object."
    return body


def problems_of(invocation, wrong="This event is wrong"):
    """The names that a refusal gives; `wrong` says what there is to refuse."""
    status = payload_of(invocation).get("statusCode")
    assert status == 400, f"{wrong}: answer it with statusCode 400."
    return body_of(invocation).get("problems")
