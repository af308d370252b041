"""What goes out: stored rows are delivered once, in order of urgency, within Telegram's limits."""
