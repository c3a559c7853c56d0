"""The hidden checks of lab 06: the packed function with other names, cold and warm."""

import json

import pytest

from workbook.runtime import CodeError

STATIONS = {
    "Fischmarkt (Süd)": "fischmarkt-sud",
    "Île d'Yeu": "ile-d-yeu",
    "Żółta Łódź": "zolta-lodz",
    "Москва": "moskva",
    "Αθήνα": "athena",
}


@pytest.mark.task(5, points=2)
def test_takes_names_from_many_alphabets(function):
    """names stations from many alphabets when it runs from the zip"""
    packed = deployed(function)
    for name, station in STATIONS.items():
        status, body = answer_of(packed.invoke({"name": name}))
        assert (status, body) == (200, {"station": station})


@pytest.mark.task(5, points=1)
def test_refuses_what_is_no_name(function):
    """answers 400 to what is no name when it runs from the zip"""
    packed = deployed(function)
    for event in ({}, {"name": "..."}, {"name": 7}, {"name": None}, ["Nørre Kaj 2"], None):
        status, body = answer_of(packed.invoke(event))
        assert (status, body) == (400, {"problems": ["name"]})


def deployed(function):
    """The function as Lambda would have it: nothing but what is in the zip."""
    assert function.code.get("lambda_deploy.zip"), "There is no lambda_deploy.zip beside lambda_function.py."
    try:
        return function.configure(code=function.code.unpack("lambda_deploy.zip"))
    except CodeError as refusal:
        raise AssertionError(str(refusal)) from None


def answer_of(invocation):
    """The answer's status code and its body."""
    assert not invocation.error, "The function does not run from the zip. Lambda would say the same."
    return invocation.payload["statusCode"], json.loads(invocation.payload["body"])
