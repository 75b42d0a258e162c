"""What the platform tells us and is told."""
