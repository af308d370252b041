"""The Telegram side of Qunhu: adapter, command line, settings, simulator."""

import os

# Times of python-telegram-bot are timedeltas, as they will always be in its next major version.
os.environ.setdefault("PTB_TIMEDELTA", "1")
