"""The screening engine: pure Python, standard library only, no clock and no input or output."""

ENGINE_VERSION = "1"
