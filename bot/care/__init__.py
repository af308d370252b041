"""What happens after a crisis: follow-up with the member's consent, and her safety plan."""
