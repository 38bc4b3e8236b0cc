"""The command line: ``chaperone …``. Calls the service and has no logic of its own."""
