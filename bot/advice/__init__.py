"""The vetted pages as messages: found, turned, edited, approved, kept up to date."""
