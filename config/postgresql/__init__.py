"""Django's PostgreSQL backend with a cheaper health check; named in settings as the database's ENGINE."""
