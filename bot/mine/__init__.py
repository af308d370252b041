"""What a member asks of what is held of her: to see it, to have it erased."""
