"""Fans' side: links, tokens, seats, and what they are told."""
