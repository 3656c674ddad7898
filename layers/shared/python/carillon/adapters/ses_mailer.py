"""E-mail by Amazon SES: the port `Mailer`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from carillon.adapters.aws import error_code, translated
from carillon.errors import MailRefused
from carillon.models.digest import Letter

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

_CHARSET = "UTF-8"


class SesMailer:
    """Sends to all `recipients` in one e-mail; `client` must be one that repeats nothing."""

    def __init__(self, client: "SESV2Client", *, sender: str, recipients: Sequence[str]) -> None:
        self._client = client
        self._sender = sender
        self._recipients = recipients

    def send(self, letter: Letter) -> None:
        """Hand it over once.

        What SES says of a refusal quotes addresses, so only its name is kept of it.
        """
        try:
            with translated():
                self._client.send_email(
                    FromEmailAddress=self._sender,
                    Destination={"ToAddresses": list(self._recipients)},
                    Content={
                        "Simple": {
                            "Subject": {"Data": letter.subject, "Charset": _CHARSET},
                            "Body": {
                                "Text": {"Data": letter.text, "Charset": _CHARSET},
                                "Html": {"Data": letter.html, "Charset": _CHARSET},
                            },
                        }
                    },
                )
        except ClientError as error:
            raise MailRefused(error_code(error)) from None
