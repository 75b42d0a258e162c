"""The heart: what a member should have and why, the smallest safe way there, and the record of what was seen."""
