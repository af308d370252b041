"""The classifier: reads a message with its context and says how it stands with it."""

from moderation.classifier.model import ModelClassifier, load_model

__all__ = ["ModelClassifier", "load_model"]
