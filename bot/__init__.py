"""Qunhu on Telegram: the adapter, the command line and the simulator."""
