"""What the phone says and hears: models, problem codes, examples, openapi.json. Imports nothing of ours."""
