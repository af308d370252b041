"""What the operator has: pages, checks, backups, keys, figures."""
