"""CDISC ODM-XML 1.3: clinical data of snapshots, streamed."""
