"""A desk of the release before, as it was on its last day: copied from `tests/sync/`, never changed afterwards."""
