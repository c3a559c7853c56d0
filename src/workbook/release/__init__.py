"""The student edition: the workbook without what an instructor keeps, written to a folder or a zip to give away."""
