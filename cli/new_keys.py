"""`new-keys`: fresh secrets for an installation that is not run by `up`, in the words of `.env`."""

import secrets

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey


def new_keys() -> None:
    """Print fresh secrets for `.env`, and the vault's private key, which belongs on another machine."""
    key = X25519PrivateKey.generate()
    print(f"POSTGRES_PASSWORD={secrets.token_hex(24)}")
    print(f"JZ_SECRET_KEY={secrets.token_hex(32)}")
    print(f"JZ_VAULT_PUBLIC_KEY={key.public_key().public_bytes_raw().hex()}")
    print("# Take the next line away and keep it off this machine: it alone opens who reported.")
    print(f"# vault private key: {key.private_bytes_raw().hex()}")
