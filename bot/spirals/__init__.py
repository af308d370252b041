"""What follows when despair spreads in a group: the card with its picture, calming words, the end."""
