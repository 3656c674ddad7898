"""The managed login's page, filled in as a person does it."""

import html
import re
from urllib.parse import urljoin

import requests

from local.stack import LocalStack

LIMIT_S = 30


def sign_in_at(stack: LocalStack, page: requests.Response) -> str:
    """Where the local operator is sent after typing e-mail and password on this page."""
    assert stack.operator is not None
    fields = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text)
    form = {name: html.unescape(value) for name, value in fields}
    form |= {"username": stack.operator.email, "password": stack.operator.password}
    [action] = re.findall(r'action="([^"]+)"', page.text)
    back = requests.post(
        urljoin(page.url, action), data=form, timeout=LIMIT_S, allow_redirects=False
    )
    return back.headers["Location"]
