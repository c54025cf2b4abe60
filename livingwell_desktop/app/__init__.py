"""The composition root: how each of the three processes is put together, and in which order its parts end."""
