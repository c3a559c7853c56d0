"""The checks of lab 02. Each one configures the function's environment as the console would, then invokes it."""

import json

import pytest

KEY = "tide-table-58f2c1"
HARBOUR = {"API_KEY": KEY, "BUCKET_NAME": "east-harbour-readings", "MAX_STATIONS": "25", "DRY_RUN": "no"}
NOT_SET = [None, "   "]  # None: there is no such variable


# Task 1: Read the two required variables


@pytest.mark.task(1, points=2)
def test_answers_with_the_bucket(function):
    """answers 200, with the bucket that BUCKET_NAME names"""
    body = settings_of(function, BUCKET_NAME="west-harbour-readings")
    assert "bucket" in body, "The body has no key `bucket`. Its value is the text that BUCKET_NAME holds."
    assert body["bucket"] == "west-harbour-readings", (
        "BUCKET_NAME was 'west-harbour-readings'. Read it with os.environ; do not write a name into the code."
    )


@pytest.mark.task(1, points=1)
def test_says_that_the_key_is_set(function, aws):
    """says that the key is set, and calls no AWS service"""
    body = settings_of(function)
    assert body.get("api_key_set") is True, (
        "API_KEY was set. Say so with `api_key_set` and the value True: no text, and not the key's own value."
    )
    assert aws.calls == [], "The function only reads its environment: it needs no boto3."


# Task 2: Turn MAX_STATIONS into a number


@pytest.mark.task(2, points=2)
def test_reads_max_stations_as_a_number(function):
    """reads MAX_STATIONS as a number from 1 to 100"""
    for text, number in {"1": 1, "100": 100}.items():
        found = settings_of(function, MAX_STATIONS=text).get("max_stations")
        assert found == number, (
            f"MAX_STATIONS was the text {text!r}: make the number `max_stations` of it, with int(...)."
        )


@pytest.mark.task(2, points=1)
def test_takes_ten_stations_by_default(function):
    """takes 10 when MAX_STATIONS is not set or blank"""
    for nothing in NOT_SET:
        found = settings_of(function, MAX_STATIONS=nothing).get("max_stations")
        assert found == 10, f"{tell(MAX_STATIONS=nothing)}: `max_stations` is 10 then."


# Task 3: Turn DRY_RUN into true or false


WORDS = {"true": True, "False": False, "YES": True, "0": False}


@pytest.mark.task(3, points=2)
def test_reads_dry_run_as_true_or_false(function):
    """reads the words for DRY_RUN, in any case"""
    for word, value in WORDS.items():
        found = settings_of(function, DRY_RUN=word).get("dry_run")
        assert found is value, (
            f"DRY_RUN was {word!r}, and `dry_run` should be {json.dumps(value)}. "
            "Compare the text in lower case with true, 1, yes, false, 0 and no: "
            "bool(...) is True for every text but the empty one."
        )


@pytest.mark.task(3, points=1)
def test_is_no_dry_run_by_default(function):
    """takes false when DRY_RUN is not set or blank"""
    for nothing in NOT_SET:
        found = settings_of(function, DRY_RUN=nothing).get("dry_run")
        assert found is False, f"{tell(DRY_RUN=nothing)}: `dry_run` is false then."


# Task 4: Answer 500 when a variable is missing or wrong


@pytest.mark.task(4, points=2)
def test_names_a_missing_variable(function):
    """answers 500 and names a required variable that is not set"""
    for name in ("API_KEY", "BUCKET_NAME"):
        expect_error(name, function, **{name: None})


@pytest.mark.task(4, points=2)
def test_takes_a_blank_variable_for_missing(function):
    """answers 500 and names a required variable that is blank"""
    for name in ("API_KEY", "BUCKET_NAME"):
        expect_error(name, function, **{name: "   "})


@pytest.mark.task(4, points=2)
def test_refuses_a_number_that_is_wrong(function):
    """answers 500 and names MAX_STATIONS when it is no whole number from 1 to 100"""
    for text in ("many", "0", "101"):
        expect_error("MAX_STATIONS", function, MAX_STATIONS=text)


@pytest.mark.task(4, points=1)
def test_refuses_a_word_that_is_unknown(function):
    """answers 500 and names DRY_RUN when it is none of the six words"""
    expect_error("DRY_RUN", function, DRY_RUN="maybe")


# Task 5: Name it in the log, and keep the key out of sight


WRONG = {"API_KEY": None, "BUCKET_NAME": None, "MAX_STATIONS": "many", "DRY_RUN": "maybe"}


@pytest.mark.task(5, points=2)
def test_names_the_variable_in_the_log(function):
    """names the variable in the log as well"""
    for name, value in WRONG.items():
        invocation = invoke(function, **{name: value})
        answer_of(invocation, tell(**{name: value}))
        lines = [record.message for record in invocation.logs]
        assert any(name in line for line in lines), (
            f"{tell(**{name: value})}, and no line of the log names it. Print one before you answer 500."
        )


@pytest.mark.task(5, points=2)
def test_tells_nobody_the_key(function):
    """keeps the key's value out of every answer and of the log"""
    settings_of(function)
    for changed in ({}, {"BUCKET_NAME": None}, {"MAX_STATIONS": "many"}):
        invocation = invoke(function, **changed)
        answered, logged = KEY in json.dumps(invocation.payload), KEY in invocation.log_text
        assert not answered, f"{tell(**changed)}: the answer holds the key's value. Answer only that there is one."
        assert not logged, f"{tell(**changed)}: the log holds the key's value. Never log the whole environment."


# What the checks look with


def invoke(function, **changed):
    """Invoke the function with an empty event; its environment is HARBOUR, apart from what is changed."""
    return function.configure(environment={**HARBOUR, **changed}).invoke({})


def tell(**changed):
    """The variables that a check has changed, in words."""
    return " and ".join(f"{name} was {describe(value)}" for name, value in changed.items()) or "All four were right"


def describe(value):
    """A variable's value in words."""
    if value is None:
        return "not set"
    return repr(value) if value.strip() else f"blank ({value!r}), and so not set"


def settings_of(function, **changed):
    """The body of an answer with statusCode 200."""
    status, body = answer_of(invoke(function, **changed), tell(**changed))
    assert status == 200, f"{tell(**changed)}: that is allowed, so answer with statusCode 200."
    return body


def expect_error(name, function, **changed):
    """The answer has statusCode 500, and its error names this one of the four variables."""
    status, body = answer_of(invoke(function, **changed), tell(**changed))
    assert status == 500, f"{tell(**changed)}: that is not allowed, so answer with statusCode 500."
    error = body.get("error")
    assert isinstance(error, str), f"{tell(**changed)}: the body's `error` should be a text."
    named = [variable for variable in HARBOUR if variable in error]
    assert named == [name], f"{tell(**changed)}: the body's `error` should name {name}, and none that is right."


def answer_of(invocation, told):
    """The answer's status code and its body, which is JSON written as text."""
    assert not invocation.error, f"{told}: the function failed, and should have answered."
    payload = invocation.payload
    assert isinstance(payload, dict), f"{told}: the answer should be a dict with statusCode and body."
    assert isinstance(payload.get("body"), str), f"{told}: the answer's body should be JSON text: json.dumps(...)."
    body = json.loads(payload["body"])
    assert isinstance(body, dict), f"{told}: the answer's body should be a JSON object."
    return payload.get("statusCode"), body
