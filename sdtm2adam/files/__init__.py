"""Readers and writers of data files: strict when they read, atomic when they write."""
