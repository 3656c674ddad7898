"""What a message costs in the log, on the deployed stack."""

from collections import Counter

import pytest

from local.stack import LocalStack
from tests.e2e import importing, story
from tests.e2e.operator import Operator, in_s

MESSAGES = 2_000
BYTES_A_MESSAGE = 250
"""More than a message that is sent at once may cost in all functions together: `docs/logging.md`
states what was measured."""


@pytest.mark.long
def test_what_a_message_costs_in_the_log(stack: LocalStack) -> None:
    """Prints lines and bytes of a mailing, by function."""
    operator, number = Operator(stack, "volume"), MESSAGES
    rows = [f"7955{n:07d},volume,Europe/Moscow" for n in range(number)]
    importing.run(operator, "\n".join(["phone,tags,timezone", *rows]).encode(), limit_s=120)
    mailing = operator.mail(ends_at=in_s(600))
    operator.wait_for(mailing, "finished", limit_s=120)
    told = story.about(stack, mailing["id"], lambda found: story.ended(found) >= number)

    size, count = Counter[str](), Counter[str]()
    for line in told:
        for name in (line["service"], f"{line['service']}: {line['message']}"):
            size[name] += line["bytes"]
            count[name] += 1
    for name, each in sorted(size.items()):
        print(f"{name:40} {count[name]:6} lines {each / number:8.1f} bytes a message")
    total = sum(line["bytes"] for line in told) / number
    print(f"{total:.0f} bytes a message")
    assert total < BYTES_A_MESSAGE
