"""What befalls a whole world at some moment: a purged queue, an outage, a spell of refusals."""

from collections.abc import Callable
from functools import partial

from tests.simulation.asking import Asking
from tests.simulation.gateway import DOWN, ODD
from tests.simulation.world import World

OUTAGES_S = (30.0, 120.0, 600.0)
DOWN_SHARES = (1.0, 0.95)
"""Of the calls; now and then one comes through."""

LAST_TROUBLE_S = 300.0
LAST_OUTAGE_S = 2400.0
"""The last thing that goes wrong begins so long before operators go home, and outlasts them."""

REFUSES_S = 60.0
STRANGE_S = 120.0
CLOSED_S = 1800.0
LOOKS_EVERY_S = 600.0
TIMES_MAX = 6


def expect_accidents(world: World, asking: Asking) -> None:
    """Every ten minutes each kind of accident may come up, near a moment that matters."""

    def look(left: int) -> None:
        for name, befalls in _accidents(world).items():
            if world.faults.strikes(name):
                world.kernel.at(asking.accident(), befalls)
        if left:
            world.kernel.after(LOOKS_EVERY_S, lambda: look(left - 1))

    world.kernel.after(world.kernel.dice.uniform(1, 300), lambda: look(TIMES_MAX))
    if world.is_crowded and world.faults.strikes("gateway_refuses_all"):
        # Our account there is closed, until somebody calls.
        world.cloud.gateway.has_spell("http_400", lasts_s=CLOSED_S)
    if world.faults.strikes("queue_purged"):
        world.kernel.after(asking.busy_s - LAST_TROUBLE_S, lambda: _last_trouble(world))


def _accidents(world: World) -> dict[str, Callable[[], None]]:
    dice, gateway = world.kernel.dice, world.cloud.gateway

    def purge() -> None:
        """Who does it once does it again."""
        world.doorbells.purge()
        world.kernel.after(dice.uniform(30, 400), world.doorbells.purge)

    return {
        "queue_purged": purge,
        "gateway_down": partial(
            gateway.has_spell,
            dice.choice(DOWN),
            lasts_s=dice.choice(OUTAGES_S),
            share=dice.choice(DOWN_SHARES),
        ),
        "gateway_strange": partial(gateway.has_spell, dice.choice(ODD), lasts_s=STRANGE_S),
        "gateway_refuses_all": partial(gateway.has_spell, "http_400", lasts_s=REFUSES_S),
    }


def _last_trouble(world: World) -> None:
    """Somebody empties the queue just before all is calm, often since the gateway is down: then
    what is retried there hides what was lost."""
    kernel = world.kernel
    if kernel.dice.random() < 0.7:
        world.cloud.gateway.has_spell(kernel.dice.choice(DOWN), lasts_s=LAST_OUTAGE_S)
    kernel.after(LAST_TROUBLE_S + 50, world.doorbells.purge)
