"""The demonstration city: everything in it is made up, and everything happens by the commands that people issue."""
