"""Who is at the door: hand-over tokens, sessions, one-time codes, OAuth state, requests from Discord."""
