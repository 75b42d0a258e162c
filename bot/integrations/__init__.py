"""What a creator sets up: integrations and their life, guilds and their roles, attachments."""
