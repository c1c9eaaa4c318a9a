"""Pages: what a browser shows."""
