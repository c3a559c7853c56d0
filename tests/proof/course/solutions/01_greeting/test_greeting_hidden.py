"""The hidden checks of a lab that is sound."""

import pytest


@pytest.mark.task(1)
def test_refuses_a_blank_station(function):
    """answers 400 to a station without a letter"""
    assert function.invoke({"station": ""}).payload["statusCode"] == 400


@pytest.mark.task(2, points=2)
def test_greets_a_long_name(function):
    """greets a station with a long name"""
    assert function.invoke({"station": "quay" * 50}).payload.get("greeting") == "hello " + "quay" * 50
