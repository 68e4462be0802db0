"""What commands exist, with their arguments, options, effects and risk.

The facts stand in `commands.json` (protocol, section 1); what a server has beyond them is read from
its own `help`.
"""
