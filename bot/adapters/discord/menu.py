"""The entry in the menu of every message, in the languages that ship."""

from __future__ import annotations

from collections.abc import Mapping

from discord import Locale, app_commands

REPORT = "Report to moderators"
_IN_SPANISH = "Avisar a moderación"
#: What Discord shows to people whose client speaks one of these; REPORT to all others.
_TRANSLATED: Mapping[Locale, str] = {Locale.spain_spanish: _IN_SPANISH, Locale.latin_american_spanish: _IN_SPANISH}


class MenuTranslator(app_commands.Translator):
    """Gives Discord the entry's names when it is registered: the only words that Discord shows by itself."""

    async def translate(
        self, string: app_commands.locale_str, locale: Locale, context: app_commands.TranslationContextTypes
    ) -> str | None:
        """The entry's name in ``locale``; None where it is the same as everywhere."""
        return _TRANSLATED.get(locale) if string.message == REPORT else None
