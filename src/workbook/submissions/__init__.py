"""What was handed in: found, named, read within limits, and never looked into."""
