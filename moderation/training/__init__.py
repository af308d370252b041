"""From labelled text to the shipped weights, and what they are worth."""
