"""The demo: a fictional district, its towns and officers, and reports carried through the public doors."""
