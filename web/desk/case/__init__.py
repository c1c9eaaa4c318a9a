"""ONE CASE. Its page, and every act on it as a form: asked of /o/v1 within the process."""
