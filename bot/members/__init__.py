"""What the bot answers to members, and its own standing in groups."""
