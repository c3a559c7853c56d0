"""The course as data: facts, manifests, labs, starters and progress. No AWS, no terminal, light to import."""
