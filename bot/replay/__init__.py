"""`qunhu replay`: what would have been flagged in a past chat; nothing is sent or stored."""
