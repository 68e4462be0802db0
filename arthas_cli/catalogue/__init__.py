"""What commands exist, with their arguments, options, effects and risk.

The facts stand in `commands.json` (docs/protocol.md, 2.3); what a server has beyond them is read
from its own `help`.
"""
