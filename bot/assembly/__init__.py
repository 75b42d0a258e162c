"""Every part built by hand and connected, none of them started.

Nothing is found by name and nothing is global: to know what a part depends on, read its constructor call here, from
the heart (``engine``) through the rooms to the two doors.
"""

from bot.assembly.house import House, build

__all__ = ["House", "build"]
