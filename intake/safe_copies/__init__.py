"""Make the page images and the rebuilt PDF that stand for a document."""
