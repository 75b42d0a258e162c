"""How the state changes: one module per noun, one method per change, each announced and journalled."""
