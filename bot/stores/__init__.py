"""Where Chaperone remembers: in memory, or in SQLite or PostgreSQL by one code path."""
