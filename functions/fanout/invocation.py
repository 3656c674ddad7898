"""One invocation of the fan-out: works each command of a batch.

A command that ended among the dead letters is not lost: the tick gives out again what it stood for.
"""

from carillon.adapters.events import Event
from carillon.models.commands import parse_command
from carillon.ports import Budget, Commands
from carillon.queue_batch import work_commands
from carillon.usecases.working import Working


def work_batch(event: Event, budget: Budget, *, working: Working, commands: Commands) -> Event:
    """Work each command; those that failed are put off and reported back to the queue."""
    return work_commands(
        event,
        parse=parse_command,
        work=lambda command: working.work(command, budget),
        queue=commands,
    )
