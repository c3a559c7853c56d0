def lambda_handler(event, context):
    """An exception whose type, trace and places are the student's to choose."""
    source = "def passed():\n    raise type('Passed\\n[all checks]', (Exception,), {'__module__': '<b>x</b>\\x1b[31m'})('=1+1')"
    space = {}
    exec(compile(source, '/var/task/\x1b[2J<i>lambda_function.py", line 1, in everything_passed', "exec"), space)
    space["passed"]()
