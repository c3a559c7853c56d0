"""What runs inside the function's own process, before awslambdaric takes over.

Nothing here may import workbook: the files are loaded by path, in an interpreter that sees the standard
library alone, and forgotten again before the first byte of the student's code runs.
"""
