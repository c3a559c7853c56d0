import logging
from dataclasses import dataclass


class NoMean(ValueError):
    def log(self):
        logging.getLogger().warning("refused: %s", self.args[0])


@dataclass(frozen=True)
class Reading:
    station: str
    values: tuple[float, ...]

    @classmethod
    def parse(cls, event):
        values = tuple(event["values"])
        if not values or any(type(value) not in (int, float) for value in values):
            raise NoMean(event["station"])
        return cls(event["station"], values)

    @property
    def mean(self):
        return sum(self.values) / len(self.values)
