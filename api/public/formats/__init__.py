"""The public record in the formats that readers and newsrooms take; each renders the plain items of cases.feeds.items.

Each format says where it stands (PATH), what it is (TYPE), and gives its bytes from items, newest first (`document`).
"""
