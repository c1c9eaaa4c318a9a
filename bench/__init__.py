"""Load and limit side by side in one run: what the system does, as a share of what this very machine can do now."""
