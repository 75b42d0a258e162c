"""The only code that speaks to Discord. Its exceptions end here; callers get outcomes."""
