"""Measures how fast the classifier is, and what that costs in quality; not part of the product."""
