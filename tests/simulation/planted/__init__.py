"""Faults planted in our own code: what the simulation must find, and within how many seeds."""

from tests.simulation.planted.fanout import FANOUT
from tests.simulation.planted.fault import Planted
from tests.simulation.planted.sender import SENDER

PLANTED = (*SENDER, *FANOUT)

__all__ = ["PLANTED", "Planted"]
