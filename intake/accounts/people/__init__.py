"""Who the people behind accounts are: their names, their deputies and their absences."""
