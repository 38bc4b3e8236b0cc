"""Understanding: from text to a Reading. Knows nothing of policies, platforms or the store."""
