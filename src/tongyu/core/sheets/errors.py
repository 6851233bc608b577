"""A file that cannot be read at all, told in words the person at the desk can act on."""


class SheetError(Exception):
    """`code` is stable and for tests; `message` is Chinese and for the person who uploaded."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
