"""A whole call as one document: to copy it, to keep it, to hand it to another portal."""
