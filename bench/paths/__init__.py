"""One module for each path that is measured: each gives rows of the table."""
