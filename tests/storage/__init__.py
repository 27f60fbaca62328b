"""Checks of tables, migrations, blobs and the audit chain on real databases."""
