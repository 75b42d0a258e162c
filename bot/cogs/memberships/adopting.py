"""What is said about roles that people hold already: who they are, and what a yes changes for them; pure."""

from bot.access.adopt import Adoptable, Adopted, Preview
from bot.cogs.lines import fit, join, name
from bot.cogs.replies import Reply
from bot.discord.components import Button, Style
from bot.integrations import words
from bot.integrations.references import IntegrationRef


def draw_adoption(integration: IntegrationRef, preview: Preview, *, changed: bool = False) -> Reply:
    back = Button(label="Back", custom_id=f"attached:list:{integration.id}:0")
    if not preview.people:
        text = (
            "Nobody was given by hand a role that their membership gives in "
            f"**{name(integration.name)}**: Passes Bot takes care of all of them already."
        )
        return Reply(text=text, rows=((back,),))
    head = ["That has changed meanwhile; nothing was done.", ""] if changed else []
    many = words.people(preview.number)
    lines = [
        *head,
        f"**Take care of the roles of {many} in {name(integration.name)}?**",
        (
            "They were given these roles by hand and have paid for them. If you say yes, Passes Bot takes the role "
            "away when the membership ends; otherwise the role stays until somebody takes it."
        ),
        *(_line(person) for person in preview.people),
    ]
    yes = Button(
        label=f"Yes, for {many}",
        custom_id=f"attached:adopt:{integration.id}:{preview.number}",
        style=Style.PRIMARY,
    )
    return Reply(text=fit(lines), rows=((yes, back),))


def adopted(outcome: Adopted) -> str:
    return f"Passes Bot takes care of the roles of {words.people(outcome.people)} from now on."


def _line(person: Adoptable) -> str:
    return f"<@{person.member.account_id}> ({name(person.username)}): {join(map(name, person.role_names))}"
