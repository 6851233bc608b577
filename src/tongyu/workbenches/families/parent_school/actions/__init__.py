"""What is done in a parent school: parts, stations, courses, learning, needs."""
