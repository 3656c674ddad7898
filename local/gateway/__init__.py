"""A stand-in for the external gateway: the same contract, and moods that it can be told to have.

    python -m local.gateway --port 9009

In a test, in the same process: `with StandIn() as gateway:` and then `gateway.url` is what Carillon
calls and `gateway.control` tells it how to behave and asks what it saw. The same over HTTP:

    GET  /control/behaviour          the present behaviour
    PUT  /control/behaviour          another one, whole: what is left out is at its default
    GET  /control/summary            what happened so far, in numbers
    GET  /control/calls?since=0      the calls from this number on, as {"calls": [], "next": n}
    GET  /control/accepted           the accepted messages, as {"accepted": []}
    POST /control/reset              forget all of it and behave as at the start
"""

from local.gateway.behaviour import Behaviour, Mood
from local.gateway.control import Control
from local.gateway.ledger import AcceptedMessage, CallRecord, Summary
from local.gateway.stand_in import StandIn

__all__ = ["AcceptedMessage", "Behaviour", "CallRecord", "Control", "Mood", "StandIn", "Summary"]
