"""What a line may do to its target, judged before it is sent; no input, no output."""
