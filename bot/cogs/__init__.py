"""The door in Discord: check who is asking, call one function, show the value it returns."""
