"""A member's own papers for her case: what she gathers, what happened, and by when to act."""
