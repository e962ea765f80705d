"""The ledger and its rows: models, append, chain, seal, keys, replay."""
