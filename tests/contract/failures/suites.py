"""Which stand-ins a suite of failures runs on, and what many of its cases are made of."""

from datetime import timedelta

import pytest

from carillon.ports import Creation
from tests.fakes.system import SOME_MOMENT

KEY = Creation(key="operator#abc", digest="d1")
LATER = SOME_MOMENT + timedelta(minutes=1)

BOTH = pytest.mark.parametrize("cloud", ["moto", "ministack"], indirect=True)
MINISTACK = pytest.mark.parametrize("cloud", ["ministack"], indirect=True)
