"""Why a command shows nothing: facts, and what follows from them."""
