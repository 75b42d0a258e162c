"""What a person sees as the answer to a command or a press: always ephemeral, always in words.

A cog builds a :class:`Reply` (a plain value) and hands it to :func:`answer`; whether that is a first answer, the end
of a deferred one, or a message redrawn in place follows from the interaction. The three-second rule: whatever does
I/O calls :func:`defer` first; a form has to be the first answer and is shown by :func:`ask`, before any I/O.
"""

from dataclasses import dataclass
from typing import TypeAlias

import nextcord
from nextcord import InteractionType

from bot.discord.components import Form, Row, draw, draw_form

Interaction: TypeAlias = nextcord.Interaction[nextcord.Client]  # noqa: UP040  (nextcord inspects annotations and cannot read a type statement)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    text: str
    """At most 2000 characters."""
    rows: tuple[Row, ...] = ()


async def defer(interaction: Interaction, *, anew: bool = False) -> None:
    """Say within three seconds that an answer comes; :func:`answer` then gives it.

    After a press the message is redrawn in place; ``anew`` leaves it and makes a new message.
    """
    if not interaction.response.is_done():
        await interaction.response.defer(
            ephemeral=True, with_message=anew or _comes_without_message(interaction)
        )


async def answer(interaction: Interaction, reply: Reply, *, anew: bool = False) -> None:
    """Show ``reply``: to a command as a new message, to a press in the place of the message it was on.

    ``anew``: not in its place, as a message of its own.
    """
    view = draw(reply.rows)
    if interaction.response.is_done():
        await _finish(interaction, reply.text, view, anew=anew)
    elif anew or _comes_without_message(interaction):
        await interaction.response.send_message(reply.text, view=view, ephemeral=True)
    else:
        await interaction.response.edit_message(content=reply.text, embeds=[], view=view)


async def ask(interaction: Interaction, form: Form) -> None:
    """Open a form; what is filled in arrives as a press with the form's custom id."""
    modal = draw_form(form)
    await interaction.response.send_modal(modal)
    interaction.client.remove_modal(modal)  # nextcord would keep each one for ever


async def _finish(interaction: Interaction, text: str, view: nextcord.ui.View, *, anew: bool) -> None:
    if anew and not _comes_without_message(interaction):
        await interaction.followup.send(text, view=view, ephemeral=True)
    else:
        await interaction.edit_original_message(content=text, embeds=[], view=view)


def _comes_without_message(interaction: Interaction) -> bool:
    """A command, or a form that a command opened: there is no message to redraw."""
    return interaction.type is InteractionType.application_command or interaction.message is None
