"""The demo site: the Saltmere Lights, a cooperative that keeps five lighthouses. Words, pictures and people as data."""
