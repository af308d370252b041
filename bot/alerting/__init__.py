"""From a finding to a case, and from a case to a human who has it."""
