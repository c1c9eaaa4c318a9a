"""What stands on each paper, as frozen values read from the handling side and from nothing else."""
