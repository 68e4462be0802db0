"""What may be typed at the cursor, and the names of the target; knows no terminal."""
