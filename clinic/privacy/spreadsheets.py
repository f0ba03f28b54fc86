"""What a cell of a spreadsheet may hold."""


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: one that begins like one has an apostrophe before it."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else text
