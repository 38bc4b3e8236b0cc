"""How the tables came to be what they are: numbered steps, run by ``bot.stores.migrate``.

A new step is a file ``versions/vNNNN_what.py`` with the next number as its ``revision``. Steps only go forward: who must go back restores
a backup.
"""
