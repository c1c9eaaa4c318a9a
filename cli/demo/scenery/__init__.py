"""Drawing the demo's photos: a brush, things, and scenes made of them. Nobody's real place, nobody's face."""
