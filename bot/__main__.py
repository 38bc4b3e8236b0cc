"""``python -m bot`` is ``chaperone``."""

from bot.cli.main import main

main()
