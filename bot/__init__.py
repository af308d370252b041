"""The Telegram side of Qunhu: adapter, command line, settings, simulator."""

import os

# Times of python-telegram-bot are timedeltas, as they will always be in its next major version.
os.environ.setdefault("PTB_TIMEDELTA", "1")
# Only the readings of single characters are needed: without the phrases 45 MB less in each process.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "1")
