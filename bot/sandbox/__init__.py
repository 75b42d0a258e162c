"""Beside the house: a Discord and a membership platform on loopback to run against."""
