"""The state machines as tables: from, to, by whom, under which guards. `move()` is the only writer of a state.

Each sub-process is a machine of its own (report, case, exposure; later measure, penalty, listing …), joined by guards,
never one enum (X17).
"""
