"""The launchers: ways in which a function comes to life."""
