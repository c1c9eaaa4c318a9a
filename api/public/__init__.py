"""What everybody may read: exposures as JSON and as feeds."""
