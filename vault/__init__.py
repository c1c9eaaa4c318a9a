"""The vault: the one process that holds the private keys to who reported. Nothing but cli/vault.py starts it."""
