"""The one tree of errors that use cases raise and edges understand.

CarillonError
├── NotFound              404  no such thing, or deleted
├── Conflict              409
│   ├── StateForbids           the state or the time does not allow it
│   ├── PhoneTaken             another client has this number
│   └── LostRace               somebody else changed it at the same moment
├── VersionMismatch       412  the caller saw an older version
├── Malformed             400  a cursor that is not ours
├── Invalid               422  a value, with the field's name
├── MailRefused                an e-mail that will not be taken as it is
├── DigestNotSent              this try failed; another may help
└── Unavailable           503  AWS did not do it, and asking again may help
    ├── SignInUnavailable      the identity provider did not answer
    └── QueuesUnavailable      the queues did not answer
"""


class CarillonError(Exception):
    """What went wrong, in words for the person who asked."""


class NotFound(CarillonError):
    """No such thing, or it was deleted."""


class Conflict(CarillonError):
    """The request is fine, the present state is not."""


class StateForbids(Conflict):
    """The state or the time does not allow it; the text says which would."""


class PhoneTaken(Conflict):
    """Another client has this phone number."""


class LostRace(Conflict):
    """Somebody else changed the same thing at the same moment; read it and decide again."""


class VersionMismatch(CarillonError):
    """The caller saw an older version than the present one."""


class Malformed(CarillonError):
    """What was sent cannot be read, such as a cursor that is not ours."""


class Invalid(CarillonError):
    """A value is not allowed."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class MailRefused(CarillonError):
    """The mail service will not take the e-mail; the text is its own name for the reason."""


class DigestNotSent(CarillonError):
    """The digest of a day was not sent; `is_last` when nobody will try again."""

    def __init__(self, day: str, *, tries: int, is_last: bool) -> None:
        super().__init__(f"try {tries} of the digest of {day}")
        self.day = day
        self.tries = tries
        self.is_last = is_last


class Unavailable(CarillonError):
    """AWS throttled, failed or did not answer; asking again may help."""


class SignInUnavailable(Unavailable):
    """The identity provider did not answer, or not as an identity provider does."""


class QueuesUnavailable(Unavailable):
    """SQS did not say how full the queues are."""
