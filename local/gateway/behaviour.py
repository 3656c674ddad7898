"""How the stand-in behaves: its moods, and which call meets which."""

from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import blake2b
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Mood(StrEnum):
    """What a call may meet instead of a plain OK."""

    SILENT = "silent"
    LATE = "late"
    HTTP_500 = "http_500"
    HTTP_500_ACCEPTED = "http_500_accepted"
    HTTP_503 = "http_503"
    HTTP_429 = "http_429"
    HTTP_401 = "http_401"
    HTTP_400 = "http_400"
    HTTP_404 = "http_404"
    REDIRECT = "redirect"
    GARBAGE = "garbage"
    EMPTY = "empty"
    WRONG_CODE = "wrong_code"
    DROP_BEFORE = "drop_before"
    DROP_AFTER = "drop_after"
    DRIP = "drip"
    ECHO = "echo"


@dataclass(frozen=True, slots=True)
class Manner:
    """How a call is treated.

    `silent` waits for `silent_s` first, `drops` never answers, `echoes` repeats the request.
    """

    accepts: bool = False
    status: int = 200
    body: str = '{"code":0,"message":"OK"}'
    headers: dict[str, str] = field(default_factory=dict)
    silent: bool = False
    drops: bool = False
    drips: bool = False
    echoes: bool = False


PLAIN = Manner(accepts=True)
MANNERS: dict[Mood, Manner] = {
    Mood.SILENT: Manner(silent=True, drops=True),
    Mood.LATE: Manner(accepts=True, silent=True),
    Mood.HTTP_500: Manner(status=500, body="Internal Server Error"),
    Mood.HTTP_500_ACCEPTED: Manner(accepts=True, status=500, body="Internal Server Error"),
    Mood.HTTP_503: Manner(status=503, body="Service Unavailable"),
    Mood.HTTP_429: Manner(status=429, body='{"code":429,"message":"Too Many Requests"}'),
    Mood.HTTP_401: Manner(status=401, body='{"code":401,"message":"Unauthorized"}'),
    Mood.HTTP_400: Manner(status=400, body='{"code":400,"message":"Bad Request"}'),
    Mood.HTTP_404: Manner(status=404, body="<html><title>404 Not Found</title></html>"),
    Mood.REDIRECT: Manner(status=307, body="", headers={"Location": "/v1/elsewhere"}),
    Mood.GARBAGE: Manner(body="<html><body>It works!</body></html>"),
    Mood.EMPTY: Manner(body=""),
    Mood.WRONG_CODE: Manner(body='{"code":7,"message":"not today"}'),
    Mood.DROP_BEFORE: Manner(drops=True),
    Mood.DROP_AFTER: Manner(accepts=True, drops=True),
    Mood.DRIP: Manner(accepts=True, drips=True),
    Mood.ECHO: Manner(status=500, echoes=True),
}

Share = Annotated[float, Field(ge=0, le=1)]


class Behaviour(BaseModel):
    """What the stand-in was told. The shares add up to at most 1; the rest of the calls is OK."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    shares: dict[Mood, Share] = {}
    seed: int = Field(default=0, description="another seed, other calls meet the moods")
    latency_ms: float = Field(default=0, ge=0, le=600_000, description="before every answer")
    silent_s: float = Field(default=30, ge=0, le=600, description="for `silent` and `late`")
    drip_s: float = Field(default=1, ge=0, le=60, description="between two bytes of `drip`")
    retry_after_s: int = Field(default=1, ge=0, le=86_400, description="told with 429 and 503")
    forgetful: bool = Field(default=False, description="delivers an id again that comes again")

    @model_validator(mode="after")
    def _shares_fit(self) -> Self:
        if sum(self.shares.values()) > 1 + 1e-9:
            raise ValueError("the shares add up to more than 1")
        return self

    def mood_of(self, gateway_id: int, attempt: int) -> Mood | None:
        """The mood that the `attempt`-th call with this id meets; None is a plain OK.

        It depends on nothing else, so that a run can be repeated whatever order calls come in.
        """
        name = f"{self.seed}:{gateway_id}:{attempt}".encode()
        drawn = int.from_bytes(blake2b(name, digest_size=8).digest()) / 2**64
        for mood, share in self.shares.items():
            if drawn < share:
                return mood
            drawn -= share
        return None
