"""A scripted evening with invented people, to see the whole bot at work on one machine."""
