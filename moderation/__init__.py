"""The core of Qunhu: what a message means and what should follow. Knows nothing of Telegram."""
