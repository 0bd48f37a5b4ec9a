"""The carrier's pages."""
