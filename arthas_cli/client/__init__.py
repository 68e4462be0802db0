"""What every front end asks of the server and of a line before it is sent."""
