"""Stories told with the real engine."""
