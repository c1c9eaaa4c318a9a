"""Who is who: organisations, officers, sign-in, and the vault of reporters' identities."""
