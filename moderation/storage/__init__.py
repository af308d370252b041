"""What Qunhu remembers: tables, sealing, transactions. The only place that speaks SQL."""

from moderation.storage.database import Database, Transaction, open_database
from moderation.storage.sealing import Sealer

__all__ = ["Database", "Sealer", "Transaction", "open_database"]
