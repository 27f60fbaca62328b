"""What the browser's tests share: served portals, people at their browsers, and checks."""
