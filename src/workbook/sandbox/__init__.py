"""Isolation of what is graded: bubblewrap around the bench and around the function, and the proof that it holds."""
