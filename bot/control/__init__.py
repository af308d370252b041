"""What staff sets by chat: the settings of groups, and roles."""
