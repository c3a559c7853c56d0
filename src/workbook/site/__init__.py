"""What the site takes from the workbook itself: facts, the labs' READMEs, references of the CLI and the fixtures."""
