"""What an operator asks or tells a bot from outside, a group of commands to a file; each calls one function and says its result."""
