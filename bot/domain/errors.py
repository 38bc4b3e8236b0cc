"""What can go wrong, in words that name no message text. The docstring is the default message."""

from __future__ import annotations


class ChaperoneError(Exception):
    """Something went wrong."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or type(self).__doc__)


class UnknownCaseError(ChaperoneError):
    """There is no such case."""


class IllegalTransitionError(ChaperoneError):
    """The case is not in a state that allows this."""


class ErasedError(ChaperoneError):
    """The text of this case has been erased."""


class PolicyError(ChaperoneError):
    """The policy can't be used."""


class SettingsError(ChaperoneError):
    """A setting is missing or wrong."""


class ReaderError(ChaperoneError):
    """The reader has stopped."""


class VaultError(ChaperoneError):
    """The text can't be decrypted: none of the keys in CHAPERONE_KEYS fits."""


class PlatformError(ChaperoneError):
    """The platform refused."""


class TemporaryPlatformError(PlatformError):
    """The platform did not answer or asked to wait; the same call may succeed later."""

    def __init__(self, message: str | None = None, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        #: Seconds to wait, where the platform said so.
        self.retry_after = retry_after


class ForbiddenError(PlatformError):
    """The platform does not allow the bot to do this here."""


class UnreachableError(PlatformError):
    """The person can't be written to in private."""


class GoneError(PlatformError):
    """The message, room or person is no longer there."""
