"""For whoever watches over the bot: alert rules, a dashboard, and the tables of the runbook made from them."""
