"""What every room stands on: settings, errors, services, reference codes, the office clock."""
