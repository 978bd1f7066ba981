"""The wire to Dataverse: rows in, rows out."""
