"""What comes from Telegram, until it is safely stored and its turn has come."""
