"""What a command does: read, build, check, write, make outputs."""
