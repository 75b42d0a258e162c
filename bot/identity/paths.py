"""Which ``next`` we follow: a path of ours, and nothing that a browser could read as another site.

Browsers take a backslash for a slash, drop tabs and line ends from an address, and read ``//host`` as another host.
"""

import re

_PATH = re.compile(r"/(?![/\\])[!-\[\]-~]{0,2000}")
"""One slash, then printable ASCII without spaces and without the backslash."""


def is_path_of_ours(text: str) -> bool:
    return _PATH.fullmatch(text) is not None
