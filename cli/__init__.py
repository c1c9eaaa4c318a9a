"""Commands: set up, run, import, demonstrate, measure."""
