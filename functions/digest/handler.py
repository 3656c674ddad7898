"""Lambda entry: the daily schedule → an e-mail about the day before."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields

from carillon.adapters.aws import client
from carillon.adapters.digest_marks import DigestMarkTable
from carillon.adapters.events import Event
from carillon.adapters.journal_table import DynamoJournal
from carillon.adapters.mailings_table import MailingsTable
from carillon.adapters.pace_table import DynamoPace
from carillon.adapters.queue_lengths import QueueUrls, SqsGauge
from carillon.adapters.ses_mailer import SesMailer
from carillon.adapters.statistics_table import DynamoStatistics
from carillon.adapters.system import SystemClock
from carillon.policy.digest_parts import Letterhead
from carillon.telemetry import set_up
from carillon.usecases.digesting import Digesting
from carillon.usecases.gateway import GatewayReport
from carillon.usecases.posting import DigestPost
from functions.digest.invocation import send_digest
from functions.digest.settings import DigestSettings

logger = set_up()
_clock = SystemClock()


def _compose(settings: DigestSettings) -> DigestPost:
    dynamodb = client("dynamodb")
    urls = QueueUrls(
        messages=settings.message_queue_url,
        fanout=settings.fanout_queue_url,
        imports=settings.import_queue_url,
        dead_messages=settings.message_dead_letters_url,
        dead_fanout=settings.fanout_dead_letters_url,
        dead_imports=settings.import_dead_letters_url,
        undeliverable=settings.undeliverable_url,
    )
    return DigestPost(
        digesting=Digesting(
            mailings=MailingsTable(dynamodb, settings.mailings_table),
            statistics=DynamoStatistics(dynamodb, settings.stats_table),
            gateway=GatewayReport(
                DynamoJournal(dynamodb, settings.gateway_table),
                DynamoPace(dynamodb, settings.gateway_table),
                _clock,
                parts_per_s=None,  # the pace is not told, so it is not read
            ),
            queues=SqsGauge(
                client("sqs", quick=True),
                urls,
                threads=ThreadPoolExecutor(len(fields(QueueUrls)), thread_name_prefix="queues"),
            ),
            clock=_clock,
        ),
        marks=DigestMarkTable(dynamodb, settings.idempotency_table),
        mailer=SesMailer(
            client("sesv2"), sender=settings.digest_sender, recipients=settings.digest_recipients
        ),
        letterhead=Letterhead(timezone=settings.digest_timezone, page_url=settings.page_url),
        clock=_clock,
    )


_settings = DigestSettings.from_env()
_post = _compose(_settings)


@logger.inject_lambda_context
def handler(event: Event, _context: object) -> Event:
    """Send the digest that is due."""
    return send_digest(event, post=_post, clock=_clock, hour=_settings.digest_hour)
