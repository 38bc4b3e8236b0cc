"""How the shipped reading model is made: the corpus, its checker, the trainer."""
