"""What Chaperone does, one verb a file. Knows the domain and its own ports, nothing of Slack, Discord, SQL or HTTP."""
