"""One file for each kind of identifier: Presidio's recognisers where it has one, ours where it has none."""
