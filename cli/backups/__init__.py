"""Backups: what one holds (`archive`), how it is made of a living installation (`take`) and put into an empty one."""
