"""The officers' surface, /o/v1: the JSON API behind the console. One file per noun; every act says what it saw."""
