"""What a request with an `Idempotency-Key` is remembered by.

Neither the key nor the body is stored. The key is hashed together with whose it is and what it was
used for; the digest of the body is keyed by the raw key, so that nobody can find out a phone
number by trying all of them against what is stored.
"""

import hmac
import json
from hashlib import sha256

from pydantic import BaseModel

from carillon.ports import Creation


def creation_of(
    key: str | None, *, operation: str, draft: BaseModel, caller: str
) -> Creation | None:
    """None without a key, which is the `caller`'s own.

    Two bodies are the same when they describe the same object.
    """
    if key is None:
        return None
    scope = json.dumps([operation, caller, key])
    body = draft.model_dump_json()
    return Creation(
        key=sha256(scope.encode()).hexdigest(),
        digest=hmac.new(key.encode(), body.encode(), sha256).hexdigest(),
    )
