"""What moderators, counselors and owners do: taps on cards, shifts, letters, appeals."""
