"""The web console: the queue in a browser. Calls the service and has no logic of its own."""
