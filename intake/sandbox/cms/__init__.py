"""Signatures of mail (CMS): whether what came is what was signed."""
