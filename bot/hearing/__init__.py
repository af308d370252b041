"""What is said in groups and in private: read, judged, and remembered where it must be."""
