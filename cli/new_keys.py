"""`new-keys`: fresh secrets for an installation that is not run by `up`, in the words of `.env`."""

import secrets

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey


def new_keys() -> None:
    """Print fresh secrets for `.env`, and the vault's private key, which belongs into the vault alone."""
    key = X25519PrivateKey.generate()
    print(f"POSTGRES_PASSWORD={secrets.token_hex(24)}")
    print(f"JZ_SECRET_KEY={secrets.token_hex(32)}")
    print(f"JZ_VAULT_PUBLIC_KEY={key.public_key().public_bytes_raw().hex()}")
    print(f"JZ_VAULT_PASSWORD={secrets.token_hex(24)}")
    print(
        "# Take the next line away: it alone opens who reported. Give it to keep-vault-key (docs/vault.md), and keep a"
    )
    print("# copy off this machine.")
    print(f"# vault private key: {key.private_bytes_raw().hex()}")
