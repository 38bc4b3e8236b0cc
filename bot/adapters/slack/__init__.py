"""Slack: events in, actions out, buttons and modals, by Socket Mode or HTTP."""
