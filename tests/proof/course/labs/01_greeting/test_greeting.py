"""The checks of a lab that is sound."""

import pytest

EVENT = {"station": "north-quay"}


@pytest.mark.task(1, points=2)
def test_answers(function):
    """answers 200"""
    assert function.invoke(EVENT).payload["statusCode"] == 200


@pytest.mark.task(1)
def test_answers_when_warm(function):
    """answers 200 to a second event"""
    function.invoke(EVENT)
    assert function.invoke(EVENT).payload["statusCode"] == 200


@pytest.mark.task(1)
def test_ignores_other_keys(function):
    """ignores other keys of the event"""
    assert function.invoke({**EVENT, "time": 7}).payload["statusCode"] == 200


@pytest.mark.task(1)
def test_refuses_no_station(function):
    """answers 400 where there is no station"""
    assert function.invoke({}).payload["statusCode"] == 400


@pytest.mark.task(2, points=2)
def test_greets_by_name(function):
    """greets the station by its name"""
    assert function.invoke(EVENT).payload.get("greeting") == "hello north-quay", "Greet the station by its name."


@pytest.mark.task(2)
def test_greets_another(function):
    """greets another station by its name"""
    assert function.invoke({"station": "fish-market"}).payload.get("greeting") == "hello fish-market"


@pytest.mark.task(2)
def test_reads_the_greeting(function):
    """reads the greeting from its variable"""
    evening = function.configure(environment={"GREETING": "good evening"})
    assert evening.invoke(EVENT).payload.get("greeting") == "good evening north-quay"


@pytest.mark.task(2, needs="test_greets_by_name")
def test_greets_twice(function):
    """greets a second time when warm"""
    function.invoke(EVENT)
    assert function.invoke(EVENT).payload.get("greeting") == "hello north-quay"
