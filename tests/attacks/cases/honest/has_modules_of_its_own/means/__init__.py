"""The station's means."""
