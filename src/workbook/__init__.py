"""A workbook for learning AWS Lambda in Python: labs, a local Lambda and cloud, and a grader."""

__version__ = "0.1.0"
