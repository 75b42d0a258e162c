"""The door in a browser: check who is asking, call one function, show the value it returns."""
