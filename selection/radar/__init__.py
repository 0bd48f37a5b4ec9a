"""The radar of mutualisation: projects that are close, found by their words. Why so: docs/decisions/0006-radar.md."""
