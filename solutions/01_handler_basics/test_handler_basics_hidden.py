"""The hidden checks of lab 01: other readings, and wrong ones that are harder to see."""

import json

import pytest

READING = {"station": "fish-market", "pm25": 40}

LEVELS = {0: "good", 11.999: "good", 12.0: "moderate", 34: "moderate", 34.999: "moderate", 35.0: "high", 1000: "high"}

HARD_TO_SEE = {
    "station": [None, 0, True, ["fish-market"], {"name": "fish-market"}],
    "pm25": [None, False, "", "forty", [40], {}, -0.1],
}


@pytest.mark.task(1, points=2)
def test_answers_a_reading_that_carries_more(function, aws):
    """answers a reading with other keys and other letters, and calls no AWS service"""
    reading = {"station": "Fiskehallen på kaien", "pm25": 7.25, "sensor": {"id": 7}, "problems": ["none"]}
    status, body = answer_of(function.invoke(reading))
    assert status == 200, "Other keys in the event are ignored, and a station may have any letters."
    assert (body.get("station"), body.get("pm25")) == (reading["station"], 7.25), "These are not the event's values."
    assert aws.calls == [], "This lab needs nothing from AWS."


@pytest.mark.task(2, points=2)
def test_tells_each_level(function):
    """tells the level of values at and near the limits, 0 among them"""
    for pm25, level in LEVELS.items():
        status, body = answer_of(function.invoke({**READING, "pm25": pm25}))
        assert (status, body.get("level")) == (200, level), f"{pm25} is {level}."


@pytest.mark.task(3, points=1)
def test_gives_each_request_its_own_id(function):
    """gives each of three requests its own id"""
    for _ in range(3):
        invocation = function.invoke(READING)
        _, body = answer_of(invocation)
        assert body.get("request_id") == invocation.request_id, "The body's `request_id` is not this request's."


@pytest.mark.task(4, points=2)
def test_refuses_what_is_hard_to_see(function):
    """answers 400 for wrong values that are harder to see"""
    for name, values in HARD_TO_SEE.items():
        for value in values:
            status, body = answer_of(function.invoke({**READING, name: value}))
            assert (status, body.get("problems")) == (400, [name]), f"{name} = {value!r} is wrong."


@pytest.mark.task(4, points=1)
def test_refuses_each_event_that_is_no_object(function):
    """answers 400 and names the event, whatever it is instead of an object"""
    for event in (None, 12.4, True, "", [], [READING], json.dumps(READING)):
        status, body = answer_of(function.invoke(event))
        assert (status, body.get("problems")) == (400, ["event"]), "This event is no object."


@pytest.mark.task(4, points=2)
def test_answers_a_row_of_events_each_for_itself(function):
    """answers a row of good and wrong readings each for itself"""
    row = [(READING, None), ({}, ["pm25", "station"]), ([], ["event"]), ({"station": "south-mole"}, ["pm25"])]
    for event, problems in [*row, (READING, None)]:
        status, body = answer_of(function.invoke(event))
        expected = (400, problems, None) if problems else (200, None, READING["station"])
        assert (status, body.get("problems"), body.get("station")) == expected, (
            "Something is left of the events before, or this one is judged wrongly by itself."
        )


@pytest.mark.task(5, points=2)
def test_names_the_station_of_each_broken_sensor(function):
    """raises SensorError for -999.0 too, and names that event's station"""
    for station, code in (("fish-market", -999), ("south-mole", -999.0)):
        error = function.invoke({"station": station, "pm25": code}).error
        assert error, f"{code} says that the sensor is broken: raise SensorError."
        assert error.type == "SensorError", "Raise an error of your own class SensorError, and let nothing catch it."
        assert station in error.message, "Name the station of this event in the error."


@pytest.mark.task(5, points=1)
def test_refuses_a_broken_sensor_of_no_station(function):
    """answers 400 to -999 when the station is missing or wrong"""
    for event in ({"pm25": -999}, {"station": 7, "pm25": -999}):
        status, body = answer_of(function.invoke(event))
        assert status == 400, "Without a station, the error could name none: refuse this event with statusCode 400."
        assert "station" in (body.get("problems") or []), "The station is missing or wrong, and is not named."


def answer_of(invocation):
    """The answer's status code and its body, which is JSON written as text."""
    assert not invocation.error, "The function failed, and should have answered."
    assert isinstance(invocation.payload, dict), "The answer should be a dict with statusCode and body."
    text = invocation.payload.get("body")
    assert isinstance(text, str), "The answer's body should be JSON text: json.dumps(...)."
    body = json.loads(text)
    assert isinstance(body, dict), "The answer's body should be a JSON object."
    return invocation.payload.get("statusCode"), body
