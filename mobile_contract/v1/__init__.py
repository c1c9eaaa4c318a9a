"""Version 1 of the mobile contract: one file per noun; `/m/v1/...` speaks exactly these models (GET and POST only)."""
