"""Whether a case has the consent that an act needs, and what happens without it."""
