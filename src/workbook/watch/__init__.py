"""`lab watch`: each save is judged at once, on a bench that stays warm beside the screen."""
