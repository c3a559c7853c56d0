"""What the collector knows of readings."""
