"""HTTP. Translates, decides nothing. One file per noun."""
