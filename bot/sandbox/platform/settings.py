"""How this platform is set up; all of it may change while it runs, since a bot's address is often known late."""

from dataclasses import dataclass, fields
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from .state import RefusedError

WEBHOOK_SECRET = "whsec_c2FuZGJveC1wbGF0Zm9ybS13ZWJob29rLXNlY3JldCE="
LAUNCH_SECRET = "sandbox-platform-launch-secret-of-good-length"
API_TOKEN = "sandbox-platform-api-token"


@dataclass(slots=True, kw_only=True)
class Settings:
    bot_url: str | None = None
    webhook_url: str | None = None  # where the bot listens, if not at its usual path
    webhook_secrets: tuple[str, ...] = (WEBHOOK_SECRET,)
    launch_secret: str = LAUNCH_SECRET
    launch_private_key: str | None = None  # Ed25519, PEM; if given, tokens are EdDSA
    api_token: str = API_TOKEN
    delay_s: float = 0  # every new webhook waits this long before its first attempt
    retry_delays_s: tuple[float, ...] = (0.1, 0.2, 0.5, 1, 2)  # the last is repeated
    max_attempts: int = 100
    attempt_timeout_s: float = 10
    page_size: int = 500

    def change(self, **changes: Any) -> None:
        known = {each.name for each in fields(self)}
        if unknown := set(changes) - known:
            raise RefusedError(f"no such setting: {', '.join(sorted(unknown))}")
        for name, value in changes.items():
            setattr(self, name, tuple(value) if isinstance(value, list) else value)

    @property
    def endpoint(self) -> str | None:
        """Where webhooks go; None while nobody listens yet, so that they wait."""
        return self.webhook_url or (self.bot_url and f"{self.bot_url}/webhooks/memberships")

    @property
    def home(self) -> str:
        if not self.bot_url:
            raise RefusedError("the platform has not been told the bot's address (bot_url)")
        return self.bot_url

    def launch_key_setting(self) -> dict[str, str]:
        """The one setting with which a bot checks launch tokens, by its name."""
        if self.launch_private_key is None:
            return {"LAUNCH_SECRET": self.launch_secret}
        public = load_pem_private_key(self.launch_private_key.encode(), password=None).public_key()
        pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
        return {"LAUNCH_PUBLIC_KEY": pem.replace("\n", "\\n")}
