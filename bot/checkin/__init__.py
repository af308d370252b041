"""/checkin: a weekly look at oneself, only for members who ask for it."""
