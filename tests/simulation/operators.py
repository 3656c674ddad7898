"""What people do to Carillon: they fill the directory, plan mailings, and change their minds."""

from tests.simulation.asking import Asking
from tests.simulation.client_operators import ClientOperators
from tests.simulation.mailing_operators import MailingOperators
from tests.simulation.world import World

CROWDS = (3, 8, 20, 20, 40, 40)
LARGE_CROWD = 250


def arrive(world: World, busy_s: float) -> Asking:
    """Fill the directory and plan all that people will do within `busy_s`."""
    dice = world.kernel.dice
    asking = Asking(world, busy_s)
    clients = ClientOperators(world, asking)
    mailings = MailingOperators(world, asking, clients)
    for _ in range(LARGE_CROWD if world.is_crowded else dice.choice(CROWDS)):
        asking.at(0, clients.add)
    for _ in range(dice.randint(1, 3)):
        in_s = dice.uniform(0, min(900, busy_s / 2))
        asking.at(in_s if dice.random() < 0.7 else busy_s - in_s, mailings.add)
    for _ in range(dice.randint(0, 3)):
        doing = dice.choice((clients.add, clients.change, clients.remove, clients.look))
        asking.at(dice.uniform(0, busy_s), doing)
    return asking
