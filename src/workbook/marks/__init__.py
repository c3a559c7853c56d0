"""Marks: what a course's results come to for each person, and what lateness costs."""
