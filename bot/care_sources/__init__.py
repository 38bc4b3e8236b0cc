"""What the way to care fetches and calls over HTTP: free slots from publishers, webhooks of people on call."""
