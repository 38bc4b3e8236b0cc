"""One file for each way to disguise a word: each finds the edits that undo it."""
