"""What any service needs: settings, database, broker, clock, storage, images, errors, logs. No word of our domain."""
