"""Raw transfers as they come: what a file holds, what its contract may be, what has changed since the last one."""
