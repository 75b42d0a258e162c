"""What only setup in Discord says; the rest is said by both doors (``bot/integrations/words.py``)."""

from collections.abc import Sequence

from bot.cogs.lines import join, name
from bot.integrations import words
from bot.integrations.attaching import Powerful
from bot.integrations.references import IntegrationRef
from models.integrations import IntegrationState


def policy(integration: IntegrationRef) -> str:
    return words.policy(integration.policy)


def status(integration: IntegrationRef) -> str:
    """``Connected``, and what needs a person."""
    mark = "✅" if integration.state is IntegrationState.CONNECTED else "⚠️"
    state, attention = words.STATES[integration.state], words.attention(integration)
    return f"{mark} {state}: {attention}" if attention else f"{mark} {state}"


def fans_next(tier_names: Sequence[str]) -> str:
    return (
        f"**What fans do next:** whoever buys {join(map(name, tier_names))} sees a confirmation screen and presses "
        "Connect there. Fans who are in this server already type `/passes link`. Those who have bought already find it "
        "on their Memberships page."
    )


def second_question(tier_name: str, roles: Sequence[Powerful]) -> str:
    lines = [f"⚠️ {line}" for line in words.powers_of(roles)]
    return "\n".join(["**Are you sure?**", words.would_get(tier_name), *lines])
