"""Task 6: prove that nothing is written when the API answers 500. To run it: ./lab run 5 nothing_written.py"""

# Import your handler and call it, as Lambda would, with a station for which the API answers 500.
# Then look into the bucket: end with an error if anything lies there.
