import pytest
from world import World


@pytest.fixture
def world():
    with World() as world:
        yield world
